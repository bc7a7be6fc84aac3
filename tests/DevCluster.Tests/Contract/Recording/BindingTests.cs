using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Recording;

public sealed class BindingTests
{
    [Test]
    public void A_value_in_the_path_is_replaced_as_a_whole_word_only()
    {
        Binding binding = new("path", "8", 0, ["metadata", "resourceVersion"]);
        RecordedRequest request = new("GET", "/api/v1/8?resourceVersion=8&limit=18", new Dictionary<string, string>(), null);
        binding.Apply(request, "42").Path.Should().Be("/api/v1/42?resourceVersion=42&limit=18");
    }

    [Test]
    public void A_value_in_the_body_is_replaced_and_the_recording_kept()
    {
        JsonNode body = JsonNode.Parse("""{"metadata":{"ownerReferences":[{"uid":"old"}]}}""")!;
        Binding binding = new("body/metadata/ownerReferences/0/uid", "old", 0, ["metadata", "uid"]);
        RecordedRequest sent = binding.Apply(new RecordedRequest("POST", "/x", new Dictionary<string, string>(), body), "new");
        sent.BodyText.Should().Be("""{"metadata": {"ownerReferences": [{"uid": "new"}]}}""");
        body["metadata"]!["ownerReferences"]![0]!["uid"]!.ToString().Should().Be("old");
    }

    [Test]
    public void A_source_names_its_step_and_path()
    {
        Binding binding = Binding.Parse(JsonNode.Parse("""{"in":"path","value":"a","from":"steps[12].response.body/items/0/metadata/name"}""")!);
        binding.SourceStep.Should().Be(12);
        JsonPath.Find(JsonNode.Parse("""{"items":[{"metadata":{"name":"found"}}]}"""), binding.SourcePath)!.ToString().Should().Be("found");
    }
}
