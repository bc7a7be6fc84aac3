using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Patches;

namespace Slipway.DevCluster.Tests.ApiServer.Patches;

[TestFixture]
public sealed class JsonPatchTests
{
    private const string Document = """{"a":{"b":[1,2,3],"c/d":"x"}}""";

    [TestCase("""[{"op":"add","path":"/a/b/-","value":4}]""", """{"a":{"b":[1,2,3,4],"c/d":"x"}}""")]
    [TestCase("""[{"op":"add","path":"/a/b/0","value":0}]""", """{"a":{"b":[0,1,2,3],"c/d":"x"}}""")]
    [TestCase("""[{"op":"remove","path":"/a/b/1"}]""", """{"a":{"b":[1,3],"c/d":"x"}}""")]
    [TestCase("""[{"op":"replace","path":"/a/c~1d","value":"y"}]""", """{"a":{"b":[1,2,3],"c/d":"y"}}""")]
    [TestCase("""[{"op":"replace","path":"/new","value":1}]""", """{"a":{"b":[1,2,3],"c/d":"x"},"new":1}""")]
    [TestCase("""[{"op":"move","from":"/a/b","path":"/b"}]""", """{"a":{"c/d":"x"},"b":[1,2,3]}""")]
    [TestCase("""[{"op":"copy","from":"/a/b/0","path":"/n"}]""", """{"a":{"b":[1,2,3],"c/d":"x"},"n":1}""")]
    [TestCase("""[{"op":"test","path":"/a/b","value":[1,2,3]}]""", Document)]
    [TestCase("""[{"op":"test","path":"/absent","value":null}]""", Document)]
    [TestCase("[]", Document)]
    public void Operations_change_the_document(string patch, string expected)
    {
        var live = (JsonObject)JsonNode.Parse(Document)!;

        var patched = JsonPatch.Apply(live, (JsonArray)JsonNode.Parse(patch)!);

        JsonNode.DeepEquals(patched, JsonNode.Parse(expected)).Should().BeTrue(patched.ToJsonString());
        live.ToJsonString().Should().Be(Document, "the live object is not touched");
    }

    [TestCase("""[{"op":"remove","path":"/nope"}]""")]
    [TestCase("""[{"op":"remove","path":"/a/b/9"}]""")]
    [TestCase("""[{"op":"add","path":"/x/y","value":1}]""")]
    [TestCase("""[{"op":"test","path":"/a/b","value":[]}]""")]
    [TestCase("""[{"op":"bogus","path":"/a"}]""")]
    [TestCase("""[{"op":"add","path":"/a"}]""")]
    [TestCase("""["x"]""")]
    public void What_cannot_be_carried_out_is_refused_without_saying_why(string patch)
    {
        var act = () => JsonPatch.Apply((JsonObject)JsonNode.Parse(Document)!, (JsonArray)JsonNode.Parse(patch)!);

        act.Should().Throw<StatusException>().Where(e => e.Code == 422 && e.Message == "the server rejected our request due to an error in our request");
    }
}
