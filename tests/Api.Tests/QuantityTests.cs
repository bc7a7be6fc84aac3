using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using k8s;

namespace Slipway.Api.Tests;

internal sealed class QuantityTests
{
    private static readonly string[] Suffixes =
    [
        "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e0", "E1", "e+9", "e-9", "e18", "e99", "e-99",
    ];

    [TestCase("0", "0")]
    [TestCase("500m", "500m")]
    [TestCase("0.5", "500m")]
    [TestCase(".5", "500m")]
    [TestCase("1.", "1")]
    [TestCase("+1Gi", "1Gi")]
    [TestCase("1024Mi", "1Gi")]
    [TestCase("1e3", "1e3")]
    [TestCase("1E3", "1e3")]
    [TestCase("12E", "12E")]
    [TestCase("7Ei", "7Ei")]
    [TestCase("9223372036854775807", "9223372036854775807")]
    [TestCase("0.000000001", "1n")]
    public async Task What_a_pod_can_have_is_taken_and_written_as_Kubernetes_writes_it(string text, string canonical)
    {
        (await ReadAsync($"\"{text}\"")).Value.Should().NotBeNull();
        (await WrittenAsync($"\"{text}\"")).Should().Be(canonical);
        Regex.IsMatch(text, Quantity.Pattern).Should().BeTrue();
    }

    [TestCase("-1e0")]
    [TestCase("-1")]
    [TestCase("1e600000")]
    [TestCase("1e100")]
    [TestCase("1e-100")]
    [TestCase("99999999999999999999999999999999")]
    [TestCase("0.99999999999999999999999999999999")]
    [TestCase("1/0")]
    [TestCase("1/2")]
    [TestCase("1,000")]
    [TestCase("1,000Mi")]
    [TestCase("512MB")]
    [TestCase("1\n")]
    [TestCase(" 1")]
    [TestCase(".")]
    [TestCase("Gi")]
    [TestCase("")]
    public async Task Anything_else_is_none_and_kept_as_it_was_written(string text)
    {
        var json = JsonSerializer.Serialize(text);

        (await ReadAsync(json)).Value.Should().BeNull();
        (await WrittenAsync(json)).Should().Be(text);
    }

    [TestCase("-1e0")]
    [TestCase("1e600000")]
    [TestCase("99999999999999999999999999999999")]
    [TestCase("1/2")]
    [TestCase("1,000")]
    public void The_schema_refuses_it_too(string text) => Regex.IsMatch(text, Quantity.Pattern).Should().BeFalse();

    [TestCase("2", "2")]
    [TestCase("1.5", "1500m")]
    [TestCase("1e3", "1e3")]
    [TestCase("1000000000000000", "1P")]
    public async Task A_number_is_read_as_it_is_written(string number, string canonical) => (await WrittenAsync(number)).Should().Be(canonical);

    [TestCase("-1000000000000000")]
    [TestCase("-1.5")]
    [TestCase("1e600000")]
    [TestCase("99999999999999999999999999999999")]
    public async Task A_number_out_of_bounds_is_none(string number) => (await ReadAsync(number)).Value.Should().BeNull();

    [Test]
    public async Task Null_is_no_quantity_and_anything_that_is_no_scalar_is_not_read()
    {
        (await ReadAsync("null")).Value.Should().BeNull();
        var read = () => ReadAsync("{}");
        await read.Should().ThrowAsync<JsonException>();
    }

    [Test]
    public async Task A_message_repeats_the_beginning_of_a_long_text_only() =>
        (await ReadAsync($"\"{new string('9', 100_000)}\"")).Refusal.Length.Should().BeLessThan(200);

    [Test]
    public void Whatever_the_schema_lets_through_can_be_read_compared_and_written() => Prop.ForAll(Written().ToArbitrary(), text =>
    {
        Regex.IsMatch(text, Quantity.Pattern).Should().BeTrue(text);
        var quantity = new Quantity(text);

        if (quantity.Value is { } value)
        {
            value.ToDecimal().Should().BeGreaterThanOrEqualTo(0);
            new Quantity(value.ToString()).Value.Should().NotBeNull(text);
        }
    }).QuickCheckThrowOnFailure();

    private static Gen<string> Written() =>
        from whole in Digits(1, 19)
        from fraction in Digits(0, 9)
        from suffix in Gen.Elements(Suffixes)
        select $"{whole}.{fraction}{suffix}";

    private static Gen<string> Digits(int least, int most) =>
        from count in Gen.Choose(least, most)
        from digits in Gen.Choose(0, 9).ArrayOf(count)
        select string.Concat(digits.Select(digit => digit.ToString(CultureInfo.InvariantCulture)));

    private static Task<Quantity> ReadAsync(string json) => SoonAsync(() => KubernetesJson.Deserialize<Quantity>(json));

    private static async Task<string> WrittenAsync(string json)
    {
        var quantity = await ReadAsync(json);
        return JsonSerializer.Deserialize<string>(await SoonAsync(() => KubernetesJson.Serialize(quantity)))!;
    }

    /// <summary>Elsewhere, so that what never ends fails and does not hang.</summary>
    private static Task<T> SoonAsync<T>(Func<T> action) => Task.Run(action).WaitAsync(TimeSpan.FromSeconds(10));
}
