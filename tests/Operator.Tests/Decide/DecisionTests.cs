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
        yield return Case("nothing exists yet", A.Observed(model, null), "RollingOut", serving: false);
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

        var status = Decision.Make(A.Situation(A.Reported(model, "sha256:ab")), Now).Status;

        status.Model!.Digest.Should().Be("sha256:ab");
        status.Model.Inputs.Single().Shape.Should().Equal(-1, 8);
    }

    [Test]
    public void The_digest_of_another_generation_is_not_told_of_this_one()
    {
        var model = A.Model();
        model.Status = Decision.Make(A.Situation(A.Reported(model, "sha256:old")), Now).Status;
        model.Metadata.Generation++;

        var status = Decision.Make(A.Situation(A.Observed(model, A.Deployment(model), A.Pod(model, "p", ready: true))), Now).Status;

        status.Model!.Digest.Should().BeEmpty("other bytes may be served under the same version");
    }

    [Test]
    public void What_a_server_once_reported_stays_while_nothing_changes()
    {
        var model = A.Model();
        model.Status = Decision.Make(A.Situation(A.Reported(model, "sha256:ab")), Now).Status;

        Decision.Make(A.Situation(A.Observed(model, A.Deployment(model), A.Pod(model, "p", ready: true))), Now).Status.Model!.Digest.Should().Be("sha256:ab");
    }

    [Test]
    public void A_name_that_is_taken_is_looked_at_again_though_no_watch_would_tell()
    {
        var model = A.Model();
        var problem = new ApplyProblem(ApplyProblemKind.NameTaken, "Service", new("payments", "fraud-detector"), "the sentence");

        Decision.Make(A.Situation(A.Observed(model, A.Deployment(model)), problem), Now).CheckAgain.Should().Be(TimeSpan.FromSeconds(30));
    }

    [TestCase(0, 2)]
    [TestCase(60, 6)]
    [TestCase(3600, 30)]
    [TestCase(-60, 2, TestName = "A_pod_that_is_loading_is_asked_ever_less_often(the clocks differ)")]
    public void A_pod_that_is_loading_is_asked_ever_less_often(int loadingSeconds, int pauseSeconds)
    {
        var model = A.Model();
        var pod = A.Pod(model, state: new() { Running = new() { StartedAt = Now.UtcDateTime.AddSeconds(-loadingSeconds) } });

        Decision.Make(A.Situation(A.Observed(model, A.Deployment(model, available: 1), pod)), Now).CheckAgain.Should().Be(TimeSpan.FromSeconds(pauseSeconds));
    }

    [Test]
    public void A_pod_that_does_not_run_is_left_to_the_watch()
    {
        var model = A.Model();
        var pod = A.Pod(model, state: new() { Waiting = new() { Reason = "ContainerCreating" } });

        Decision.Make(A.Situation(A.Observed(model, A.Deployment(model, available: 1), pod)), Now).CheckAgain.Should().BeNull();
    }

    [Test]
    public void Pods_that_are_refused_are_told_with_the_words_of_the_api_server()
    {
        var model = A.Model();
        var deployment = A.Deployment(model, updated: 0, available: 0, all: 0);
        deployment.Status.Conditions.Add(new() { Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate", Message = "exceeded quota: compute" });

        var ready = Condition(Decision.Make(A.Situation(A.Observed(model, deployment)), Now), "Ready")!;

        ready.Reason.Should().Be("PodsRefused");
        ready.Message.Should().Contain("exceeded quota: compute");
    }

    [Test]
    public void Pods_that_leave_are_not_called_old_when_the_model_is_scaled_down()
    {
        var model = A.Model(replicas: 1);

        Condition(Decision.Make(A.Situation(A.Observed(model, A.Deployment(model, all: 3))), Now), "Ready")!.Message
            .Should().Be("2 pods that are no longer wanted are leaving.");
    }

    [Test]
    public void A_message_is_never_longer_than_a_condition_may_be()
    {
        var problem = new ApplyProblem(ApplyProblemKind.Invalid, "Service", new("payments", "fraud-detector"), new string('x', 100_000));

        var decision = Decision.Make(A.Situation(A.Observed(A.Model(), null), problem), Now);

        decision.Status.Conditions.Should().OnlyContain(condition => condition.Message.Length <= 4096);
    }

    [Test]
    public void Until_there_is_a_pod_one_look_says_what_the_other_said()
    {
        var model = A.Model();
        var first = Decision.Make(A.Situation(A.Observed(model, null)), Now).Status;
        model.Status = first;

        Decision.Make(A.Situation(A.Observed(model, A.Deployment(model, updated: 0, available: 0, all: 0, observed: false))), Now).Status.Should().BeEquivalentTo(first);
        Decision.Make(A.Situation(A.Observed(model, A.Deployment(model, updated: 0, available: 0, all: 0))), Now).Status.Should().BeEquivalentTo(first);
    }

    [Test]
    public void A_signature_that_the_schema_would_refuse_is_cut_to_what_it_takes()
    {
        var report = new ServerStatus
        {
            Version = new string('7', 100),
            Digest = new string('d', 100),
            Inputs = [new("a", "FP32", [1]), new("a", "FP64", [2]), new("b", new string('T', 17), [1])],
        };

        var served = ServedModel.From(report);

        served.Version.Should().HaveLength(63);
        served.Digest.Should().BeEmpty();
        served.Inputs.Select(tensor => (tensor.Name, tensor.Datatype)).Should().Equal(("a", "FP32"));
        served.Truncated.Should().BeTrue();
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

    [Test]
    public void An_evicted_pod_that_nobody_removes_does_not_keep_a_model_from_being_ready()
    {
        var model = A.Model();
        var evicted = A.Pod(model, "evicted", state: new() { Terminated = new() { ExitCode = 137, Reason = "Error" } });
        (evicted.Status.Phase, evicted.Status.Reason) = ("Failed", "Evicted");

        var decision = Decision.Make(A.Situation(A.Observed(model, A.Deployment(model), evicted, A.Pod(model, "one", ready: true), A.Pod(model, "two", ready: true))), Now);

        Condition(decision, "Ready")!.Reason.Should().Be("Ready");
    }

    [Test]
    public void What_is_merely_slow_is_told_with_the_deadline_once_that_has_passed()
    {
        var model = A.Model();
        var observed = A.Observed(model, A.Deployment(model, available: 0, progressing: "ProgressDeadlineExceeded"), A.Pod(model, "p")) with
        {
            Reports = new Dictionary<string, ServerStatus> { ["p"] = new() { State = ServerState.Loading, Message = "the store answers 503; trying again" } },
        };

        var stalled = Condition(Decision.Make(A.Situation(observed), Now), "Stalled")!;

        stalled.Reason.Should().Be("ProgressDeadlineExceeded");
        stalled.Message.Should().Contain("answers 503");
    }

    private static TestCaseData Case(string name, Observed observed, string reason, bool serving) =>
        new TestCaseData(observed, reason, serving).SetArgDisplayNames(name);

    private static V1Condition? Condition(Decision decision, string type) => decision.Status.Conditions.FirstOrDefault(condition => condition.Type == type);
}
