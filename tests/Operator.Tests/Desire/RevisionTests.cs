using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class RevisionTests
{
    [Test]
    public void An_equal_input_has_an_equal_revision_whatever_the_order_of_its_keys()
    {
        var one = A.Model(podTemplate: JsonNode.Parse("""{"metadata":{"labels":{"a":"1","b":"2"}}}""")!.AsObject());
        var other = A.Model(podTemplate: JsonNode.Parse("""{"metadata":{"labels":{"b":"2","a":"1"}}}""")!.AsObject());

        Revision.Of(one.Spec).Should().Be(Revision.Of(other.Spec));
    }

    [Test]
    public void Scaling_is_no_new_revision() =>
        Revision.Of(A.Model(replicas: 2).Spec).Should().Be(Revision.Of(A.Model(replicas: 9).Spec));

    [Test]
    public void A_scaler_or_a_network_policy_is_no_new_revision() =>
        Revision.Of(A.Model(autoscaling: A.Autoscaling(), networkPolicy: new() { Enabled = true }).Spec).Should().Be(Revision.Of(A.Model().Spec));

    [Test]
    public void Another_version_setting_or_pod_is()
    {
        string[] revisions =
        [
            Revision.Of(A.Model().Spec),
            Revision.Of(A.Model(version: "8").Spec),
            Revision.Of(A.Model(server: new() { RequestTimeout = "31s" }).Spec),
            Revision.Of(A.Model(server: new() { Batching = new() { MaxBatchSize = 8 } }).Spec),
            Revision.Of(A.Model(server: new() { Batching = new() { Mode = "Off" } }).Spec),
            Revision.Of(A.Model(server: new() { Runtime = new() { Instances = 3 } }).Spec),
            Revision.Of(A.Model().Spec with { Rollout = new() { ProgressDeadline = "11m" } }),
            Revision.Of(A.Model(podTemplate: new JsonObject { ["spec"] = new JsonObject { ["priorityClassName"] = "high" } }).Spec),
        ];

        revisions.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void A_setting_that_running_servers_take_up_is_not()
    {
        var changed = A.Model(
            server: new() { MaxConcurrency = 8, RequestLog = "All", Batching = new() { MaxDelay = "2ms" } }, monitoring: new() { Slo = new() { Latency = new() { Threshold = "50ms" } } });

        Revision.Of(changed.Spec).Should().Be(Revision.Of(A.Model().Spec));
    }

    [Test]
    public void How_many_are_remembered_is_not() =>
        Revision.Of(A.Model(rollout: new() { RevisionHistoryLimit = 3 }).Spec).Should().Be(Revision.Of(A.Model().Spec));

    [Test]
    public void A_default_that_is_written_down_is_no_new_revision() =>
        Revision.Of(A.Model(server: new() { RequestTimeout = "30s", Resources = new() }).Spec).Should().Be(Revision.Of(A.Model(server: null).Spec));

    [Test]
    public void One_amount_is_one_revision_however_it_is_written() => Revision.Of(Limited("1024Mi")).Should().Be(Revision.Of(Limited("1Gi"))).And.NotBe(Revision.Of(Limited("2Gi")));

    [Test]
    public void What_is_no_quantity_has_a_name_of_its_own_too() => Revision.Of(Limited("-1e0")).Should().NotBe(Revision.Of(Limited("1e600000")));

    [Test]
    public void Its_name_never_changes_between_releases() => Revision.Of(A.Model().Spec).Should().Be("4f91401402");

    private static ModelDeploymentSpec Limited(string memory) =>
        A.Model(server: new() { Resources = new() { Limits = new Dictionary<string, Quantity> { ["memory"] = new(memory) } } }).Spec;
}
