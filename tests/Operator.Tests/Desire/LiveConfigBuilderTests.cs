using k8s;
using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class LiveConfigBuilderTests
{
    private static readonly string Digest = $"sha256:{new string('a', 64)}";

    private static readonly ModelDeployment Changed = A.Model(
        server: new() { MaxConcurrency = 8, RequestLog = "Errors", Batching = new() { MaxDelay = "2ms" } },
        monitoring: new() { Slo = new() { Latency = new() { Threshold = "50ms" } } });

    [Test]
    public void All_settings() => Golden.Match(LiveConfigBuilder.Build(A.Context(Changed)), "live-config");

    [Test]
    public void The_bytes_that_the_version_has_are_told_to_later_pods() => Golden.Match(LiveConfigBuilder.Build(A.Context() with { Digest = Digest }), "live-config-digest");

    [Test]
    public void A_digest_that_the_user_names_is_in_the_revisions_own_config_alone() =>
        LiveConfigBuilder.Build(A.Context(A.Model(digest: Digest)) with { Digest = Digest }).Data[ServerContract.LiveFile].Should().NotContain("expected");

    [Test]
    public void A_setting_that_the_user_leaves_to_the_server_is_left_out() =>
        LiveConfigBuilder.Build(A.Context()).Data[ServerContract.LiveFile].Should().NotContain("slowThreshold");

    [Test]
    public void A_change_of_every_live_setting_changes_this_object_and_no_other()
    {
        var (before, after) = (Children(A.Model()), Children(Changed));

        after.Keys.Should().Equal(before.Keys, "no revision is made");
        after.Where(child => child.Value != before[child.Key]).Select(child => child.Key).Should().Equal("ConfigMap fraud-detector-live");
    }

    private static Dictionary<string, string> Children(ModelDeployment model)
    {
        var desired = Desired.For(A.Observed(model, null), new(A.ServerImage));
        desired.Fault.Should().BeNull();
        return desired.Children.ToDictionary(child => $"{child.Kind} {child.Metadata.Name}", child => KubernetesJson.Serialize((object)child));
    }
}
