using System.Text.Json.Nodes;
using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class ObjectJsonTests
{
    [Test]
    public void Fields_without_a_value_are_left_out_at_any_depth_and_all_else_stays_as_it_is()
    {
        var tree = ObjectJson.Parse("""{"a":null,"b":{"c":null,"d":[1,{"e":null,"f":1.50},null,"x\u0041"]},"g":true,"h":{},"i":[]}""");

        tree.ToJsonString().Should().Be("""{"b":{"d":[1,{"f":1.50},null,"xA"]},"g":true,"h":{},"i":[]}""");
    }

    [Test]
    public void An_object_becomes_the_tree_that_its_json_is()
    {
        var tree = ObjectJson.Of(new V1ConfigMap { Metadata = new() { Name = "c", ResourceVersion = "7" }, Data = new Dictionary<string, string> { ["a"] = "1" } });

        JsonNode.DeepEquals(tree, JsonNode.Parse("""{"metadata":{"name":"c","resourceVersion":"7"},"data":{"a":"1"}}""")).Should().BeTrue();
        ObjectJson.Version(tree).Should().Be("7");
    }
}
