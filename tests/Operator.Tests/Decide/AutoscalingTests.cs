using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Decide;

internal sealed class AutoscalingTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Scalers Complete = Scalers.None with { KedaServed = true, CustomMetricsServed = true };
    private static readonly AutoscalingSpec Figures = A.Autoscaling(metrics: [("Cpu", 70), ("Concurrency", 8), ("QueueTime", 20)]);
    private static readonly AutoscalingSpec Keda = A.Autoscaling(engine: "KEDA");

    private static IEnumerable<TestCaseData> States()
    {
        yield return Case("just made", Figures, Complete with { Own = Hpa() }, "Unknown", "ScalerPending");
        yield return Case("all is well", Figures, Complete with { Own = Hpa(("AbleToScale", "True"), ("ScalingActive", "True")) }, "True", "ScalerActive");
        yield return Case("no figures", Figures, Complete with { Own = Hpa(("AbleToScale", "True"), ("ScalingActive", "False")) }, "False", "ScalerFailing");
        yield return Case("no target", Figures, Complete with { Own = Hpa(("AbleToScale", "False")) }, "False", "ScalerFailing");
        yield return Case("at its limit", Figures, Complete with { Own = Hpa(("ScalingActive", "True"), ("ScalingLimited", "True")) }, "True", "ScalerActive");
        yield return Case("no adapter", Figures, Complete with { CustomMetricsServed = false, Own = Hpa(("ScalingActive", "True")) }, "False", "CustomMetricsMissing");
        yield return Case("no adapter, none needed", A.Autoscaling(), Complete with { CustomMetricsServed = false, Own = Hpa(("ScalingActive", "True")) }, "True", "ScalerActive");
        yield return Case("KEDA goes first", Figures, Complete with { ScaledObject = ScaledObject(("Ready", "True")) }, "Unknown", "ScalerPending");
        yield return Case("no KEDA", Keda, Complete with { KedaServed = false }, "False", "KedaMissing");
        yield return Case("KEDA is well", Keda, Complete with { ScaledObject = ScaledObject(("Ready", "True"), ("Active", "False")) }, "True", "ScalerActive");
        yield return Case("KEDA refuses", Keda, Complete with { ScaledObject = ScaledObject(("Ready", "False")) }, "False", "ScalerFailing");
        yield return Case("what KEDA made fails", Keda, Complete with { ScaledObject = ScaledObject(("Ready", "True")), Keda = Hpa(("ScalingActive", "False")) }, "False", "ScalerFailing");
    }

    [TestCaseSource(nameof(States))]
    public void The_condition_says_how_the_scaler_is_and_ready_does_not_wait_for_it(AutoscalingSpec scaling, Scalers scalers, string status, string reason)
    {
        var conditions = Decide(scaling, scalers).Status.Conditions;

        var autoscaled = conditions.Single(condition => condition.Type == "Autoscaled");
        (autoscaled.Status, autoscaled.Reason).Should().Be((status, reason));
        conditions[0].Status.Should().Be(reason == "KedaMissing" ? "False" : "True", "without its scaler the spec is not in force; with one in trouble it is");
    }

    [Test]
    public void Keda_that_went_since_the_cluster_was_asked_is_missing_like_one_that_never_came()
    {
        var model = A.Model(replicas: 1, autoscaling: Keda);
        var gone = new ApplyProblem(ApplyProblemKind.KindMissing, "ScaledObject", new("payments", "fraud-detector"), "no such kind");

        var conditions = Decision.Make(A.Situation(A.Observed(model, A.Deployment(model)) with { Scalers = Complete }, gone), Now).Status.Conditions;

        conditions.Where(condition => condition.Type is "Ready" or "Autoscaled").Should().OnlyContain(condition => condition.Status == "False" && condition.Reason == "KedaMissing");
    }

    [Test]
    public void The_words_of_the_scaler_are_told()
    {
        var message = Decide(Figures, Complete with { Own = Hpa(("ScalingActive", "False")) }).Status.Conditions.Single(condition => condition.Type == "Autoscaled").Message;

        message.Should().Be("The HorizontalPodAutoscaler says ScalingActive=False, Because: the words of the scaler");
    }

    [Test]
    public void Figures_that_nobody_serves_are_named() =>
        Decide(Figures, Scalers.None).Status.Conditions.Single(condition => condition.Type == "Autoscaled").Message
            .Should().Contain("slipway_concurrency, slipway_queue_time_milliseconds");

    [Test]
    public void Without_autoscaling_there_is_no_such_condition() =>
        Decide(null, Complete).Status.Conditions.Should().NotContain(condition => condition.Type == "Autoscaled");

    [TestCase(2, 5, "True", TestName = "Ready_stays_while_the_scaler_adds_pods")]
    [TestCase(0, 5, "False", TestName = "Ready_needs_the_least_number_of_pods")]
    public void Ready_asks_for_the_least_number_of_pods(int available, int all, string ready)
    {
        var model = A.Model(replicas: 1, autoscaling: A.Autoscaling());
        var deployment = A.Deployment(model, updated: all, available: available, all: all);
        deployment.Spec.Replicas = all;

        Ready(A.Observed(model, deployment) with { Scalers = Complete }).Status.Should().Be(ready);
    }

    [Test]
    public void Pods_beyond_the_least_number_that_do_not_come_are_told_of_the_scaler_and_ready_stays()
    {
        var decision = Decision.Make(A.Situation(ScaledUp(updated: 5, available: 2, all: 5)), Now);

        (decision.Status.Conditions[0].Status, decision.Status.Conditions[0].Message).Should().Be(("True", "Version 7 is served by 2 to 10 pods."));
        decision.Status.Conditions.Should().NotContain(condition => condition.Type == "Reconciling" || condition.Type == "Stalled");
        var autoscaled = decision.Status.Conditions.Single(condition => condition.Type == "Autoscaled");
        (autoscaled.Status, autoscaled.Reason, autoscaled.Message).Should().Be(
            ("True", "ScalerActive", "The number of pods follows the load, between 2 and 10. Not all of them come. Pod three: 0/3 nodes are available."));
        decision.CheckAgain.Should().Be(TimeSpan.FromSeconds(30));
    }

    [Test]
    public void Pods_beyond_the_least_number_that_the_api_server_refuses_are_told_of_the_scaler_and_ready_stays()
    {
        var observed = ScaledUp(updated: 2, available: 2, all: 2);
        observed.Deployment!.Status.Conditions.Add(new() { Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate", Message = "exceeded quota: compute" });

        var conditions = Decision.Make(A.Situation(observed with { Pods = [] }), Now).Status.Conditions;

        conditions[0].Status.Should().Be("True");
        conditions.Single(condition => condition.Type == "Autoscaled").Message.Should().EndWith("The API server refuses to create pods: exceeded quota: compute");
    }

    [TestCase("", 2, "True", TestName = "A_number_that_the_controller_has_not_seen_yet_takes_nothing_from_ready")]
    [TestCase("", 1, "False", TestName = "A_template_that_the_controller_has_not_seen_yet_is_waited_for(too few answer)")]
    [TestCase("another", 2, "False", TestName = "A_template_that_the_controller_has_not_seen_yet_is_waited_for(other pods answer)")]
    public void Before_the_controller_has_seen_a_change_the_replica_sets_tell(string hash, int available, string ready)
    {
        var observed = ScaledUp(updated: 2, available: 2, all: 2);
        observed.Deployment!.Status.ObservedGeneration = observed.Deployment.Metadata.Generation - 1;
        var annotations = new Dictionary<string, string> { [Names.TemplateHash] = hash.Length > 0 ? hash : observed.Deployment.Metadata.Annotations[Names.TemplateHash] };
        var set = new V1ReplicaSet
        {
            Metadata = new() { Name = "new", Annotations = annotations },
            Spec = new() { Replicas = 2, Selector = new(), Template = observed.Deployment.Spec.Template },
            Status = new() { Replicas = 2, AvailableReplicas = available },
        };
        var former = new V1ReplicaSet { Metadata = new() { Name = "old" }, Spec = new() { Replicas = 0, Selector = new(), Template = new() }, Status = new() { Replicas = 0 } };

        Ready(observed with { ReplicaSets = [set, former] }).Status.Should().Be(ready);
    }

    [TestCase(5, 1, 5, TestName = "Trouble_is_told_of_ready(too few answer)")]
    [TestCase(3, 5, 7, TestName = "Trouble_is_told_of_ready(a new revision does not come up)")]
    public void Trouble_is_told_of_ready_while_the_spec_is_not_in_force(int updated, int available, int all)
    {
        var ready = Ready(ScaledUp(updated, available, all));

        (ready.Status, ready.Reason).Should().Be(("False", "Unschedulable"));
    }

    [Test]
    public void Pods_of_an_older_revision_are_waited_for()
    {
        var model = A.Model(replicas: 1, autoscaling: A.Autoscaling());
        var deployment = A.Deployment(model, updated: 3, available: 4, all: 4);
        deployment.Spec.Replicas = 3;

        Ready(A.Observed(model, deployment) with { Scalers = Complete }).Message.Should().Be("1 pods that are no longer wanted are leaving.");
    }

    [Test]
    public void A_model_that_is_scaled_to_nothing_says_that_its_scaler_stands_still()
    {
        var model = A.Model(replicas: 1, autoscaling: A.Autoscaling());
        var deployment = A.Deployment(model, updated: 0, available: 0, all: 0);
        deployment.Spec.Replicas = 0;

        var ready = Ready(A.Observed(model, deployment) with { Scalers = Complete });

        (ready.Status, ready.Reason).Should().Be(("True", "ScaledToZero"));
        ready.Message.Should().Contain("stops its autoscaler");
    }

    /// <summary>From 2 pods, the least, to 5; the third finds no node.</summary>
    private static Observed ScaledUp(int updated, int available, int all)
    {
        var model = A.Model(replicas: 1, autoscaling: A.Autoscaling(min: 2));
        var deployment = A.Deployment(model, updated, available, all);
        deployment.Spec.Replicas = 5;
        var third = A.Pod(model, "three", condition: new() { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "0/3 nodes are available." });
        return A.Observed(model, deployment, A.Pod(model, "one", ready: true), A.Pod(model, "two", ready: true), third) with
        {
            Scalers = Complete with { Own = Hpa(("ScalingActive", "True")) },
        };
    }

    private static V1Condition Ready(Observed observed) => Decision.Make(A.Situation(observed), Now).Status.Conditions[0];

    private static Decision Decide(AutoscalingSpec? scaling, Scalers scalers)
    {
        var model = A.Model(replicas: 1, autoscaling: scaling);
        return Decision.Make(A.Situation(A.Observed(model, A.Deployment(model)) with { Scalers = scalers }), Now);
    }

    private static V2HorizontalPodAutoscaler Hpa(params (string Type, string Status)[] conditions) => new()
    {
        Metadata = new() { Name = "fraud-detector" },
        Status = new()
        {
            DesiredReplicas = 1,
            Conditions = [.. conditions.Select(condition => new V2HorizontalPodAutoscalerCondition { Type = condition.Type, Status = condition.Status, Reason = "Because", Message = "the words of the scaler" })],
        },
    };

    private static ScaledObject ScaledObject(params (string Type, string Status)[] conditions) => new()
    {
        Status = new() { Conditions = [.. conditions.Select(condition => new ScaledObjectCondition { Type = condition.Type, Status = condition.Status, Reason = "Because", Message = "the words of KEDA" })] },
    };

    private static TestCaseData Case(string name, AutoscalingSpec scaling, Scalers scalers, string status, string reason) =>
        new TestCaseData(scaling, scalers, status, reason).SetArgDisplayNames(name);
}
