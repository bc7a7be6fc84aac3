using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

internal sealed class MergePatchTests
{
    [TestCase("""{"a":1}""", """{"a":1}""", null)]
    [TestCase("""{"a":1,"b":2}""", """{"b":2,"a":1}""", null)]
    [TestCase("""{}""", """{"a":1}""", """{"a":1}""")]
    [TestCase("""{"a":1}""", """{}""", """{"a":null}""")]
    [TestCase("""{"a":{"b":1,"c":2}}""", """{"a":{"b":1}}""", """{"a":{"c":null}}""")]
    [TestCase("""{"a":[1,2]}""", """{"a":[2]}""", """{"a":[2]}""")]
    [TestCase("""{"a":{"b":1}}""", """{"a":3}""", """{"a":3}""")]
    public void The_patch_is_what_differs(string from, string to, string? patch)
    {
        var made = MergePatch.Between(Parse(from), Parse(to));

        made?.ToJsonString().Should().Be(patch);
        var target = Parse(from);
        FakePatches.Merge(target, made ?? []);
        JsonNode.DeepEquals(target, Parse(to)).Should().BeTrue();
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
