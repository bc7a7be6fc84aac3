using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.Schemas;

[TestFixture]
public sealed class PrunerTests
{
    private static readonly Schema Deployment = BuiltInSchemas.Get("apps", "v1", "Deployment");

    [TestCase("""{"bogus":1}""", """{}""", TestName = "An_unknown_field_goes")]
    [TestCase("""{"replicas":null}""", """{}""", TestName = "A_null_is_as_good_as_absent")]
    [TestCase("""{"replicas":0}""", """{"replicas":0}""", TestName = "A_zero_stays_where_it_differs_from_unset")]
    [TestCase("""{"minReadySeconds":0,"paused":false}""", """{}""", TestName = "A_zero_goes_where_it_means_unset")]
    [TestCase("""{"selector":{"matchLabels":{}}}""", """{"selector":{}}""", TestName = "An_empty_map_goes_and_a_struct_stays")]
    public void Specs_are_stored_in_the_form_of_the_server(string sent, string stored)
    {
        var value = new JsonObject { ["spec"] = JsonNode.Parse(sent) };

        Pruner.Prune(Deployment, value);

        var expected = JsonNode.Parse(stored)!.AsObject();
        expected["strategy"] = new JsonObject();
        expected["template"] = JsonNode.Parse("""{"metadata":{},"spec":{"containers":null}}""");
        JsonNode.DeepEquals(value["spec"], expected).Should().BeTrue(value["spec"]!.ToJsonString());
    }

    [Test]
    public void Quantities_become_canonical_and_numbers_become_text()
    {
        var value = (JsonObject)JsonNode.Parse(
            """{"spec":{"template":{"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":2,"memory":"1024Mi"}}}]}}}}""")!;

        Pruner.Prune(Deployment, value);

        value["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"]!["limits"]!.ToJsonString().Should().Be("""{"cpu":"2","memory":"1Gi"}""");
    }

    [Test]
    public void A_custom_resource_keeps_nulls_and_empty_values_but_not_unknown_fields()
    {
        var schema = new Schema
        {
            Type = SchemaType.Object,
            Properties = new Dictionary<string, Schema> { ["spec"] = new() { Type = SchemaType.Object, AdditionalProperties = new Schema { Type = SchemaType.String } } },
        };
        var value = (JsonObject)JsonNode.Parse("""{"apiVersion":"x/v1","kind":"X","metadata":{"name":"a","foo":1},"spec":{"a":null,"b":""},"other":1}""")!;

        Pruner.Prune(schema, value);

        value.ToJsonString().Should().Be("""{"apiVersion":"x/v1","kind":"X","metadata":{"name":"a"},"spec":{"a":null,"b":""}}""");
    }

    [Test]
    public void Every_model_of_the_client_library_has_a_schema()
    {
        foreach (var (group, version, kind) in (ReadOnlySpan<(string, string, string)>)
            [("", "v1", "Pod"), ("apps", "v1", "Deployment"), ("apiextensions.k8s.io", "v1", "CustomResourceDefinition"), ("", "v1", "Event")])
        {
            BuiltInSchemas.Get(group, version, kind).Properties.Should().ContainKey("metadata", kind);
        }
    }
}
