using k8s.Models;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Desire;

internal sealed class RevisionHistoryTests
{
    [TestCase(5, "7 6 5 4 3")]
    [TestCase(2, "7 6")]
    [TestCase(0, "")]
    public void The_newest_stay(int limit, string versions) => Kept(Of(limit, from: 1)).Should().Be(versions);

    [Test]
    public void What_is_used_stays_and_takes_no_place_of_the_others()
    {
        var pod = A.Pod(A.Model("1"));
        var set = new V1ReplicaSet { Spec = new() { Replicas = 1, Selector = new(), Template = new() { Metadata = A.Pod(A.Model("2")).Metadata } } };
        var empty = new V1ReplicaSet { Spec = new() { Replicas = 0, Selector = new(), Template = new() { Metadata = A.Pod(A.Model("3")).Metadata } } };

        Kept(Of(limit: 2, from: 1) with { Pods = [pod], ReplicaSets = [set, empty] }).Should().Be("2 1 7 6");
    }

    [Test]
    public void What_does_not_stay_is_not_desired_and_the_newest_always_is()
    {
        var desired = Desired.For(Of(limit: 1, from: 1), new(A.ServerImage));

        desired.Children.OfType<V1ControllerRevision>().Select(record => record.Metadata.Labels["app.kubernetes.io/version"]).Should().Equal("8", "7");
    }

    [Test]
    public void What_somebody_labelled_as_another_revision_is_desired_once_and_with_its_own_label()
    {
        var observed = Of(limit: 5, from: 1);
        observed.Revisions[7].Metadata.Labels[Names.RevisionLabel] = Revision.Of(A.Model("7").Spec);
        var config = RevisionConfigBuilder.Build(new(observed.Model, Revision.Of(observed.Model.Spec), A.ServerImage));
        config.Metadata.Labels[Names.RevisionLabel] = Revision.Of(A.Model("7").Spec);

        var children = Desired.For(observed with { Pods = [A.Pod(A.Model("7"))], Configs = [config] }, new(A.ServerImage)).Children;

        children.Select(child => (child.Kind, child.Metadata.Name)).Should().OnlyHaveUniqueItems();
        children.OfType<V1ControllerRevision>().First().Metadata.Labels[Names.RevisionLabel].Should().Be(Revision.Of(observed.Model.Spec));
    }

    private static Observed Of(int limit, int from)
    {
        var model = A.Model("8", rollout: new() { RevisionHistoryLimit = limit });
        return A.Observed(model, null) with
        {
            Revisions = [.. Enumerable.Range(from, 8).Select(number => A.Record(A.Model($"{number}"), number))],
        };
    }

    private static string Kept(Observed observed) => string.Join(
        ' ', RevisionHistory.Kept(observed, Revision.Of(observed.Model.Spec)).Select(record => record.Metadata.Labels["app.kubernetes.io/version"]));
}
