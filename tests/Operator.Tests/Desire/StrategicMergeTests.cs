using System.Text.Json.Nodes;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class StrategicMergeTests
{
    [TestCase("""{"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]}""", """{"env":[{"name":"B","value":"3"}]}""", """{"env":[{"name":"A","value":"1"},{"name":"B","value":"3"}]}""")]
    [TestCase("""{"env":[{"name":"A"},{"name":"B"},{"name":"C"}]}""", """{"env":[{"name":"A","$patch":"delete"},{"name":"C","value":"3"},{"name":"D"}]}""", """{"env":[{"name":"B"},{"name":"C","value":"3"},{"name":"D"}]}""")]
    [TestCase("""{"env":[{"name":"A"}]}""", """{"env":[{"name":"B","$patch":"delete"}]}""", """{"env":[{"name":"A"}]}""")]
    [TestCase("""{"env":[{"name":"A","value":"1"}]}""", """{"env":[{"name":"A","$patch":"replace"}]}""", """{"env":[{"name":"A"}]}""")]
    [TestCase("""{"env":[{"name":"A"},{"name":"B"}]}""", """{"env":[{"$patch":"replace"},{"name":"B","value":"2"}]}""", """{"env":[{"name":"B","value":"2"}]}""")]
    [TestCase("""{"env":[{"value":"0"},{"name":"A"}]}""", """{"env":[{"name":"A","value":"1"}]}""", """{"env":[{"value":"0"},{"name":"A","value":"1"}]}""")]
    [TestCase("""{"ports":[{"containerPort":53,"name":"a"},{"containerPort":53,"name":"b"}]}""", """{"ports":[{"containerPort":53,"name":"c"},{"containerPort":53,"name":"d"}]}""", """{"ports":[{"containerPort":53,"name":"c"},{"containerPort":53,"name":"b"},{"containerPort":53,"name":"d"}]}""")]
    public void Items_are_merged_with_the_first_of_their_key_and_keep_their_order(string target, string patch, string merged) =>
        StrategicMerge.Apply(Parse(target), Parse(patch)).ToJsonString().Should().Be(merged);

    [Test]
    public async Task Long_lists_and_long_names_take_no_time_to_speak_of()
    {
        const int many = 50_000;
        var target = new JsonObject { ["env"] = new JsonArray([.. Enumerable.Range(0, many).Select(number => Item(number, "old"))]) };
        var patch = new JsonObject
        {
            ["env"] = new JsonArray([.. Enumerable.Range(many / 2, many).Reverse().Select(number => Item(number, "new"))]),
            [new string('x', 500_000)] = new JsonObject(Enumerable.Range(0, many).Select(number => new KeyValuePair<string, JsonNode?>($"{number}", 1))),
        };

        // Elsewhere, so that what takes many minutes fails and does not hold up the other tests.
        var merged = await Task.Run(() => StrategicMerge.Apply(target, patch)).WaitAsync(TimeSpan.FromSeconds(60));

        merged["env"]!.AsArray().Count(item => (string?)item!["value"] == "old").Should().Be(many / 2);
        merged["env"]!.AsArray().Count(item => (string?)item!["value"] == "new").Should().Be(many);
    }

    private static JsonObject Item(int number, string value) => new() { ["name"] = $"A{number}", ["value"] = value };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
