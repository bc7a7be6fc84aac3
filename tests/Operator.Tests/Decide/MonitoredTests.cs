using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Decide;

internal sealed class MonitoredTests
{
    private static readonly ApplyProblem Refused = new(ApplyProblemKind.Forbidden, "PrometheusRule", new("payments", "fraud-detector"), "a webhook says no");

    [TestCase(true, true, "True", "Monitored")]
    [TestCase(false, false, "False", "PrometheusOperatorMissing")]
    [TestCase(true, false, "False", "PrometheusOperatorMissing")]
    public void The_condition_says_whether_the_cluster_knows_both_kinds_and_ready_does_not_wait_for_it(bool monitors, bool rules, string status, string reason)
    {
        var conditions = Decide(new(), new(monitors, rules)).Status.Conditions;

        var monitored = conditions.Single(condition => condition.Type == "Monitored");
        (monitored.Status, monitored.Reason).Should().Be((status, reason));
        conditions.Select(condition => condition.Type).Should().Equal("Ready", "Serving", "Monitored");
        conditions[0].Status.Should().Be("True");
    }

    [Test]
    public void Rules_that_are_refused_are_told_and_looked_at_again_and_ready_does_not_wait_for_them()
    {
        var decision = Decide(new(), PrometheusKinds.All, Refused);

        var monitored = decision.Status.Conditions.Single(condition => condition.Type == "Monitored");
        (monitored.Status, monitored.Reason, monitored.Message).Should().Be(("False", "Forbidden", "a webhook says no"));
        decision.Status.Conditions[0].Status.Should().Be("True");
        decision.CheckAgain.Should().NotBeNull();
    }

    [TestCase("ServiceMonitor")]
    [TestCase("PrometheusRule")]
    public void A_kind_that_went_since_the_cluster_was_asked_is_missing_like_one_that_never_came(string kind)
    {
        var decision = Decide(new(), PrometheusKinds.All, new ApplyProblem(ApplyProblemKind.KindMissing, kind, new("payments", "fraud-detector"), "no such kind"));

        var monitored = decision.Status.Conditions.Single(condition => condition.Type == "Monitored");
        (monitored.Status, monitored.Reason).Should().Be(("False", "PrometheusOperatorMissing"));
        decision.IsReady.Should().BeTrue();
        decision.CheckAgain.Should().NotBeNull("nobody tells when it is back within the same minute");
    }

    [Test]
    public void A_spec_that_is_wrong_is_not_in_force_here_either()
    {
        var condition = Decide(new() { Drift = new() { Window = "1s" } }, PrometheusKinds.All).Status.Conditions.Single(condition => condition.Type == "Monitored");

        (condition.Status, condition.Reason).Should().Be(("False", "InvalidSpec"));
    }

    [Test]
    public void Without_monitoring_there_is_no_such_condition() =>
        Decide(null, PrometheusKinds.All).Status.Conditions.Should().NotContain(condition => condition.Type == "Monitored");

    private static Decision Decide(MonitoringSpec? monitoring, PrometheusKinds kinds, params ApplyProblem[] problems)
    {
        var model = A.Model(monitoring: monitoring);
        // Nobody has to be asked what is served.
        var known = new ModelDeploymentStatus
        {
            ObservedGeneration = 3,
            Model = new() { Version = "7", Digest = "sha256:1" },
            Conditions = [new V1Condition { Type = "Ready", Status = "True", ObservedGeneration = 3, Reason = "Ready" }],
        };
        model.Status = known;
        return Decision.Make(A.Situation(A.Observed(model, A.Deployment(model)) with { Prometheus = kinds }, problems), new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
