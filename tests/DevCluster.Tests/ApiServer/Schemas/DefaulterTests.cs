using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.Schemas;

[TestFixture]
public sealed class DefaulterTests
{
    private static readonly Schema Sized = new()
    {
        Type = SchemaType.Object,
        Properties = new Dictionary<string, Schema>
        {
            ["size"] = new() { Type = SchemaType.Integer, Default = 1 },
            ["note"] = new() { Type = SchemaType.String, Default = "none", Nullable = true },
            ["limits"] = new()
            {
                Type = SchemaType.Object,
                Default = new JsonObject(),
                Properties = new Dictionary<string, Schema> { ["cpu"] = new() { Type = SchemaType.String, Default = "100m" } },
            },
        },
    };

    [TestCase("{}", """{"size":1,"note":"none","limits":{"cpu":"100m"}}""")]
    [TestCase("""{"size":null,"note":null}""", """{"size":1,"note":null,"limits":{"cpu":"100m"}}""")]
    [TestCase("""{"size":0,"note":"","limits":{"cpu":"2"}}""", """{"size":0,"note":"","limits":{"cpu":"2"}}""")]
    public void What_is_absent_or_null_where_null_may_not_be_gets_its_default(string given, string expected)
    {
        var value = (JsonObject)JsonNode.Parse(given)!;

        Defaulter.Apply(Sized, value);

        JsonNode.DeepEquals(value, JsonNode.Parse(expected)).Should().BeTrue(value.ToJsonString());
    }

    [Test]
    public void Two_objects_do_not_share_a_default()
    {
        var (one, other) = (new JsonObject(), new JsonObject());
        Defaulter.Apply(Sized, one);
        Defaulter.Apply(Sized, other);

        one["limits"]!["cpu"] = "changed";

        other["limits"]!["cpu"]!.GetValue<string>().Should().Be("100m");
    }
}
