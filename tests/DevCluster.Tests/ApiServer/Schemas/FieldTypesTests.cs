using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.Schemas;

internal sealed class FieldTypesTests
{
    [TestCase("""{"metadata":{"name":"a","labels":null},"spec":{"replicas":2,"paused":true}}""")]
    [TestCase("""{"spec":{"strategy":{"rollingUpdate":{"maxSurge":"25%","maxUnavailable":1}}}}""")]
    [TestCase("""{"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":1,"memory":"1Gi"}}}]}}}}""")]
    [TestCase("""{"spec":{"unknown":{"a":[1]}}}""")]
    public void What_fits_is_not_complained_of(string deployment) => Mismatch(deployment).Should().BeNull();

    [TestCase("""{"spec":[]}""", "array into Go struct field Deployment.spec of type v1.DeploymentSpec")]
    [TestCase("""{"spec":{"replicas":"two"}}""", "string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [TestCase("""{"spec":{"replicas":1.5}}""", "number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [TestCase("""{"spec":{"replicas":3000000000}}""", "number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [TestCase("""{"spec":{"paused":"yes"}}""", "string into Go struct field DeploymentSpec.spec.paused of type bool")]
    [TestCase("""{"metadata":{"labels":{"a":true}}}""", "bool into Go struct field ObjectMeta.metadata.labels of type string")]
    [TestCase("""{"metadata":{"labels":["a"]}}""", "array into Go struct field ObjectMeta.metadata.labels of type map[string]string")]
    [TestCase(
        """{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":5}]}}}}""",
        "number into Go struct field Container.spec.template.spec.containers.name of type string")]
    [TestCase(
        """{"spec":{"template":{"spec":{"containers":{}}}}}""",
        "object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container")]
    public void What_does_not_fit_is_named_as_the_server_names_it(string deployment, string complaint) =>
        Mismatch(deployment).Should().Be("json: cannot unmarshal " + complaint);

    [Test]
    public void The_first_of_several_counts() =>
        Mismatch("""{"spec":{"paused":1,"replicas":"two"}}""").Should().Contain("paused");

    [Test]
    public void Metadata_of_a_custom_resource_is_a_type_of_its_own()
    {
        FieldTypes.MetadataMismatch((JsonObject)JsonNode.Parse("""{"metadata":"x","spec":5}""")!)
            .Should().Be("json: cannot unmarshal string into Go value of type v1.ObjectMeta");
        FieldTypes.MetadataMismatch((JsonObject)JsonNode.Parse("""{"metadata":{"name":"x"},"spec":5}""")!).Should().BeNull();
    }

    private static string? Mismatch(string deployment) =>
        new FieldTypes("v1").Mismatch(BuiltInSchemas.Get("apps", "v1", "Deployment"), JsonNode.Parse(deployment));
}
