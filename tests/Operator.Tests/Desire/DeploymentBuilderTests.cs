using Slipway.Api;

namespace Slipway.Operator.Tests.Desire;

internal sealed class DeploymentBuilderTests
{
    [Test]
    public void Two_replicas_from_a_bucket() => Golden.Match(A.Built(), "deployment");

    [Test]
    public void A_secret_is_mounted_as_files() =>
        Golden.Match(A.Built(A.Context(A.Model(credentialsSecret: "s3-models"))).Spec.Template.Spec.Volumes, "deployment-credentials-volumes");

    [Test]
    public void A_claim_is_mounted_read_only_where_the_server_looks_for_it()
    {
        var pod = A.Built(A.Context(A.Model(uri: "pvc://team-models/fraud/detector"))).Spec.Template.Spec;

        Golden.Match(pod.Volumes, "deployment-claim-volumes");
        Golden.Match(pod.Containers.Single().VolumeMounts, "deployment-claim-mounts");
    }

    [Test]
    public void The_image_of_the_spec_wins_over_the_default() =>
        A.Built(A.Context(A.Model(server: new() { Image = "registry.example/own:2" }))).Spec.Template.Spec.Containers.Single().Image
            .Should().Be("registry.example/own:2");

    [TestCase("30s", 45)]
    [TestCase("500ms", 16)]
    [TestCase("10m", 615)]
    public void The_grace_period_is_longer_than_the_longest_request(string timeout, int seconds) =>
        A.Built(A.Context(A.Model(server: new() { RequestTimeout = timeout }))).Spec.Template.Spec.TerminationGracePeriodSeconds
            .Should().Be(seconds);

    [Test]
    public void Resources_that_the_user_states_replace_the_default_requests()
    {
        var resources = new ResourceRequirements { Limits = new Dictionary<string, Quantity> { ["memory"] = new("1Gi") } };

        var built = A.Built(A.Context(A.Model(server: new() { Resources = resources }))).Spec.Template.Spec.Containers.Single().Resources;

        built.Requests.Should().BeNull();
        built.Limits.Should().ContainKey("memory");
    }

    [Test]
    public void The_selector_names_model_and_role_and_never_the_revision() =>
        A.Built().Spec.Selector.MatchLabels.Should().BeEquivalentTo(
            new Dictionary<string, string> { ["slipway.dev/model"] = "fraud-detector", ["slipway.dev/role"] = "stable" });
}
