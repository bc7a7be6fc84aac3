using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Slipway.Runtime.Tests;

internal sealed class SharedStringsTests
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new SharedStrings() } };

    [Test]
    public void Equal_keys_and_words_are_one_instance()
    {
        var (one, other) = (Read("""{"app":"fraud","tier":null}"""), Read("""{"app":"fraud","tier":null}"""));

        other.Keys.First().Should().BeSameAs(one.Keys.First());
        other["app"].Should().BeSameAs(one["app"]);
        other["tier"].Should().BeNull();
    }

    [Test]
    public void Every_text_comes_out_as_it_went_in() => Prop.ForAll(ArbMap.Default.ArbFor<Dictionary<NonNull<string>, string>>(), drawn =>
    {
        var texts = drawn.ToDictionary(pair => pair.Key.Get, pair => pair.Value, StringComparer.Ordinal);
        var json = JsonSerializer.Serialize(texts);

        Read(json).Should().BeEquivalentTo(JsonSerializer.Deserialize<Dictionary<string, string?>>(json));
        JsonSerializer.Serialize(Read(json), Options).Should().Be(json);
    }).QuickCheckThrowOnFailure();

    [TestCase("é")]
    [TestCase("\u0000")]
    [TestCase("\\\"")]
    [TestCase("")]
    public void Texts_that_are_no_plain_words_are_read_twice_alike(string text)
    {
        var json = JsonSerializer.Serialize(new Dictionary<string, string> { [text] = text });

        Read(json).Should().ContainKey(text).WhoseValue.Should().Be(text);
        Read(json).Should().ContainKey(text).WhoseValue.Should().Be(text);
    }

    private static Dictionary<string, string?> Read(string json) => JsonSerializer.Deserialize<Dictionary<string, string?>>(json, Options)!;
}
