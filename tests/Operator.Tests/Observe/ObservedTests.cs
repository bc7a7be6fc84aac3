using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Observe;

internal sealed class ObservedTests
{
    [Test]
    public void A_config_is_in_use_while_a_replica_set_or_a_pod_of_its_revision_lives()
    {
        var observed = new Observed(
            A.Model(), null, [Set("a", 1), Set("b", 0)], [Pod("c")], [Config("a"), Config("b"), Config("c"), Config("new")], new Dictionary<string, ServerStatus>());

        observed.ConfigsInUse("new").Select(config => config.Metadata.Name).Should().Equal("a", "c");
    }

    [Test]
    public void A_config_that_is_made_anew_each_time_is_not_kept_besides_whatever_its_label_says()
    {
        var (newest, live, old) = (Config("a"), Config("a"), Config("a"));
        (newest.Metadata.Name, live.Metadata.Name) = ("fraud-detector-new", "fraud-detector-live");
        var observed = A.Observed(A.Model(), null, Pod("a")) with { Configs = [newest, live, old] };

        observed.ConfigsInUse("new").Should().Equal(old);
    }

    [Test]
    public void Pods_that_are_being_deleted_do_not_count()
    {
        var leaving = Pod("a");
        leaving.Metadata.DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var observed = A.Observed(A.Model(), null, leaving, Pod("b"));

        observed.PodsOf("a").Should().BeEmpty();
        observed.PodsOf("b").Should().ContainSingle();
    }

    [TestCase("Failed")]
    [TestCase("Succeeded")]
    public void Pods_that_have_ended_do_not_count_though_nobody_removes_them(string phase)
    {
        var ended = Pod("a");
        ended.Status = new() { Phase = phase };
        var observed = A.Observed(A.Model(), null, ended, Pod("b")) with { Configs = [Config("a"), Config("b")] };

        observed.PodsOf("a").Should().BeEmpty();
        observed.ConfigsInUse("new").Select(config => config.Metadata.Name).Should().Equal("b");
    }

    private static V1ReplicaSet Set(string revision, int replicas) =>
        new() { Spec = new() { Replicas = replicas, Selector = new(), Template = new() { Metadata = Labelled(revision) } } };

    private static V1Pod Pod(string revision) => new() { Metadata = Labelled(revision) };

    private static V1ConfigMap Config(string revision) => new() { Metadata = Labelled(revision) };

    private static V1ObjectMeta Labelled(string revision) =>
        new() { Name = revision, Labels = new Dictionary<string, string> { [Names.RevisionLabel] = revision } };
}
