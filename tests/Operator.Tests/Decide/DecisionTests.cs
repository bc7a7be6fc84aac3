using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Decide;

internal sealed class DecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> Situations()
    {
        var model = A.Model();
        yield return Case("nothing exists yet", A.Observed(model, null), "Creating", serving: false);
        yield return Case("the controller has not looked", A.Observed(model, A.Deployment(model, available: 0, observed: false)), "RollingOut", serving: false);
        yield return Case("the Deployment still has the old revision", A.Observed(model, A.Deployment(A.Model(version: "6"))), "RollingOut", serving: true);
        yield return Case("pods are starting", A.Observed(model, A.Deployment(model, available: 1), A.Pod(model)), "RollingOut", serving: true);
        yield return Case("an old pod is leaving", A.Observed(model, A.Deployment(model, all: 3)), "RollingOut", serving: true);
        yield return Case("all is well", A.Observed(model, A.Deployment(model)), "Ready", serving: true);
        yield return Case("no replica is wanted", A.Observed(A.Model(replicas: 0), A.Deployment(A.Model(replicas: 0))), "ScaledToZero", serving: false);
        yield return Case("the deadline passed", A.Observed(model, A.Deployment(model, available: 0, progressing: "ProgressDeadlineExceeded")), "ProgressDeadlineExceeded", serving: false);
        yield return Case("the spec is refused", A.Observed(A.Model(version: "../x"), A.Deployment(model)), "InvalidSpec", serving: true);
    }

    [TestCaseSource(nameof(Situations))]
    public void The_first_finding_is_the_reason_and_serving_is_told_apart(Observed observed, string reason, bool serving)
    {
        var decision = Decision.Make(A.Situation(observed), Now);

        Condition(decision, "Ready")!.Reason.Should().Be(reason);
        Condition(decision, "Ready")!.Status.Should().Be(reason is "Ready" or "ScaledToZero" ? "True" : "False");
        Condition(decision, "Serving")!.Status.Should().Be(serving ? "True" : "False");
    }

    [TestCaseSource(nameof(Situations))]
    public void Stalled_and_reconciling_exist_only_while_true_and_never_both(Observed observed, string reason, bool serving)
    {
        var decision = Decision.Make(A.Situation(observed), Now);

        var abnormal = decision.Status.Conditions.Where(condition => condition.Type is "Stalled" or "Reconciling").ToList();
        abnormal.Should().HaveCount(reason is "Ready" or "ScaledToZero" ? 0 : 1);
        abnormal.Where(condition => condition.Status != "True").Should().BeEmpty();
        abnormal.Select(condition => condition.Type).FirstOrDefault("none")
            .Should().Be(Reasons.All.Single(known => known.Name == reason).Kind switch { ReasonKind.Fine => "none", ReasonKind.NeedsUser => "Stalled", _ => "Reconciling" });
        _ = serving;
    }

    [TestCase(ApplyProblemKind.NameTaken, "ChildNameTaken", "Stalled")]
    [TestCase(ApplyProblemKind.FieldContested, "FieldContested", "Stalled")]
    [TestCase(ApplyProblemKind.Invalid, "ChildRejected", "Stalled")]
    [TestCase(ApplyProblemKind.Forbidden, "Forbidden", "Reconciling")]
    public void What_became_of_applying_comes_before_what_the_pods_do(ApplyProblemKind kind, string reason, string abnormal)
    {
        var model = A.Model();
        var problem = new ApplyProblem(kind, "Service", new("payments", "fraud-detector"), "the sentence");

        var decision = Decision.Make(A.Situation(A.Observed(model, A.Deployment(model)), problem), Now);

        Condition(decision, "Ready")!.Reason.Should().Be(reason);
        Condition(decision, abnormal)!.Message.Should().Be("the sentence");
    }

    [Test]
    public void Every_condition_speaks_of_this_generation() =>
        Decision.Make(A.Situation(A.Observed(A.Model(), null)), Now).Status.Conditions.Should().OnlyContain(condition => condition.ObservedGeneration == 3);

    [Test]
    public void A_second_look_at_the_same_situation_changes_nothing()
    {
        var model = A.Model();
        var first = Decision.Make(A.Situation(A.Observed(model, A.Deployment(model))), Now);
        model.Status = first.Status;

        var second = Decision.Make(A.Situation(A.Observed(model, A.Deployment(model))), Now.AddHours(1));

        second.Status.Should().BeEquivalentTo(first.Status);
        second.Announcement.Should().BeNull();
    }

    [Test]
    public void The_transition_time_moves_with_the_status_only()
    {
        var model = A.Model();
        model.Status = Decision.Make(A.Situation(A.Observed(model, null)), Now).Status;

        var waiting = Decision.Make(A.Situation(A.Observed(model, A.Deployment(model, available: 0))), Now.AddMinutes(1));
        model.Status = waiting.Status;
        var ready = Decision.Make(A.Situation(A.Observed(model, A.Deployment(model))), Now.AddMinutes(2));

        Condition(waiting, "Ready")!.LastTransitionTime.Should().Be(Now.UtcDateTime);
        Condition(ready, "Ready")!.LastTransitionTime.Should().Be(Now.AddMinutes(2).UtcDateTime);
    }

    [Test]
    public void A_ready_server_tells_version_digest_and_signature()
    {
        var model = A.Model();
        var report = new ServerStatus { Version = "7", Digest = "sha256:ab", State = ServerState.Ready, Inputs = [new("features", "FP32", [-1, 8])] };
        var observed = A.Observed(model, A.Deployment(model), A.Pod(model, "p", ready: true)) with { Reports = new Dictionary<string, ServerStatus> { ["p"] = report } };

        var status = Decision.Make(A.Situation(observed), Now).Status;

        status.Model!.Digest.Should().Be("sha256:ab");
        status.Model.Inputs.Single().Shape.Should().Equal(-1, 8);
    }

    [Test]
    public void A_model_with_many_tensors_is_listed_in_part_and_says_so()
    {
        var report = new ServerStatus { Version = "7", Inputs = [.. Enumerable.Range(0, 100).Select(i => new TensorDescription($"t{i}", "FP32", [1]))] };

        var served = ServedModel.From(report);

        served.Inputs.Should().HaveCount(64);
        served.Truncated.Should().BeTrue();
    }

    [Test]
    public void The_version_in_force_stays_in_status_while_a_new_one_is_on_its_way()
    {
        var model = A.Model(version: "8", status: new() { Model = new() { Version = "7", Digest = "sha256:ab" } });

        Decision.Make(A.Situation(A.Observed(model, A.Deployment(model, updated: 1))), Now).Status.Model!.Version.Should().Be("7");
    }

    private static TestCaseData Case(string name, Observed observed, string reason, bool serving) =>
        new TestCaseData(observed, reason, serving).SetArgDisplayNames(name);

    private static V1Condition? Condition(Decision decision, string type) => decision.Status.Conditions.FirstOrDefault(condition => condition.Type == type);
}
