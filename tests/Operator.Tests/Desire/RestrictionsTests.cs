using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class RestrictionsTests
{
    private static readonly Restrictions Registry = new() { AllowedImages = ["registry.acme.example/", "ghcr.io/slipway/model-server"] };

    [Test]
    public void A_pod_template_that_is_not_allowed_is_a_fault_that_names_the_option()
    {
        var fault = Fault(A.Model(podTemplate: new JsonObject { ["spec"] = new JsonObject { ["hostname"] = "a" } }), new() { AllowPodTemplate = false })!;

        fault.Should().StartWith("NotAllowed: spec.podTemplate").And.Contain("--allow-pod-template=false");
    }

    [Test]
    public void A_pod_template_that_is_not_allowed_is_not_even_merged() =>
        Fault(A.Model(podTemplate: new JsonObject { ["spec"] = new JsonObject { ["hostnaem"] = "a" } }), new() { AllowPodTemplate = false }).Should().StartWith("NotAllowed: spec.podTemplate");

    [TestCase("registry.acme.example/team/server:1", true)]
    [TestCase("ghcr.io/slipway/model-server:0.2.0", true)]
    [TestCase("ghcr.io/slipway/model-server@sha256:0", true)]
    [TestCase("ghcr.io/slipway/model-server", true)]
    [TestCase("ghcr.io/slipway/model-server-evil:1", false)]
    [TestCase("registry.acme.example.evil.test/server:1", false)]
    [TestCase("docker.io/library/busybox", false)]
    public void An_image_must_be_of_a_repository_that_is_allowed(string image, bool allowed) =>
        (Fault(A.Model(server: new() { Image = image }), Registry) is null).Should().Be(allowed);

    [Test]
    public void The_operators_own_image_is_always_allowed() => Fault(A.Model(), Registry).Should().BeNull();

    [Test]
    public void A_container_without_an_image_is_told()
    {
        var sidecar = JsonNode.Parse("""{"spec": {"containers": [{"name": "sidecar"}]}}""")!.AsObject();

        Fault(A.Model(podTemplate: sidecar), Registry).Should().StartWith("NotAllowed: The container 'sidecar' names no image");
    }

    [Test]
    public void Images_of_a_pod_template_count_too()
    {
        var sidecar = JsonNode.Parse("""{"spec": {"containers": [{"name": "sidecar", "image": "docker.io/library/busybox"}]}}""")!.AsObject();

        Fault(A.Model(podTemplate: sidecar), Registry).Should().StartWith("NotAllowed: The image 'docker.io/library/busybox'");
    }

    [Test]
    public void Nothing_is_refused_by_default() => Fault(A.Model(server: new() { Image = "docker.io/any:1" }), new()).Should().BeNull();

    private static string? Fault(ModelDeployment model, Restrictions restrictions) =>
        Desired.For(A.Observed(model, null), new(A.ServerImage) { Restrictions = restrictions }).Fault is { } fault ? $"{fault.Reason}: {fault.Message}" : null;
}
