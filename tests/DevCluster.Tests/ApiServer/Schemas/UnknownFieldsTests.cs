using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.Schemas;

[TestFixture]
public sealed class UnknownFieldsTests
{
    [Test]
    public void Unknown_fields_are_named_by_path_in_the_order_of_the_object()
    {
        var value = (JsonObject)JsonNode.Parse("""
            {"metadata":{"foo":1,"labels":{"any":"x"}},"spec":{"bogus":1,"template":{"spec":{"containers":[{"imag":"x"}],"volumes":[{"name":"v","emptyDir":{"x":1}}]}}},"zap":1}
            """)!;

        UnknownFields.Find(BuiltInSchemas.Get("apps", "v1", "Deployment"), value).Should().Equal(
            "metadata.foo", "spec.bogus", "spec.template.spec.containers[0].imag", "spec.template.spec.volumes[0].emptyDir.x", "zap");
    }

    [Test]
    public void An_opaque_field_may_hold_anything()
    {
        var value = (JsonObject)JsonNode.Parse("""{"apiVersion":"apps/v1","data":{"x":{"y":1}},"revision":1}""")!;

        UnknownFields.Find(BuiltInSchemas.Get("apps", "v1", "ControllerRevision"), value).Should().BeEmpty();
    }
}
