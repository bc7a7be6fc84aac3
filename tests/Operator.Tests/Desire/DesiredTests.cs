using k8s;
using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Desire;

/// <summary>Which scaler is wanted when: one at a time, whatever the spec was before; and what is left out for want of its kind.</summary>
internal sealed class DesiredTests
{
    private static readonly Scalers Complete = Scalers.None with { KedaServed = true, CustomMetricsServed = true };
    private static readonly V2HorizontalPodAutoscaler Hpa = HorizontalPodAutoscalerBuilder.Build(A.Context(A.Model(autoscaling: A.Autoscaling())))!;
    private static readonly ScaledObject Keda = ScaledObjectBuilder.Build(A.Context(A.Model(autoscaling: A.Autoscaling(engine: "KEDA"))))!;

    private static IEnumerable<TestCaseData> States()
    {
        yield return Case("off", null, Complete with { Own = Hpa }, "");
        yield return Case("on", "HPA", Complete, "HorizontalPodAutoscaler");
        yield return Case("on, with KEDA", "KEDA", Complete, "ScaledObject");
        yield return Case("from HPA to KEDA", "KEDA", Complete with { Own = Hpa }, "ScaledObject");
        yield return Case("from KEDA to HPA, first KEDA goes", "HPA", Complete with { ScaledObject = Keda }, "");
        yield return Case("from KEDA to HPA, then what it made", "HPA", Complete with { Keda = Hpa }, "");
        yield return Case("KEDA is not installed", "KEDA", Complete with { KedaServed = false }, "");
        yield return Case("nobody serves custom metrics", "HPA", Complete with { CustomMetricsServed = false }, "HorizontalPodAutoscaler");
    }

    [TestCaseSource(nameof(States))]
    public void At_most_one_scaler_is_wanted(string? engine, Scalers scalers, string kind)
    {
        var model = A.Model(autoscaling: engine is null ? null : A.Autoscaling(engine: engine));

        var desired = Desired.For(A.Observed(model, A.Deployment(model)) with { Scalers = scalers }, new(A.ServerImage));

        string.Join(' ', Kinds(desired).Where(known => known is "HorizontalPodAutoscaler" or "ScaledObject")).Should().Be(kind);
        Kinds(desired).Should().Contain("Deployment", "everything else goes on");
    }

    [TestCase(1, 1, false)]
    [TestCase(1, 2, true)]
    public void The_budget_follows_the_most_that_there_may_be(int min, int max, bool wanted) =>
        Kinds(Desired.For(A.Observed(A.Model(replicas: 1, autoscaling: A.Autoscaling(min, max)), null), new(A.ServerImage))).Contains("PodDisruptionBudget").Should().Be(wanted);

    [Test]
    public void A_prometheus_that_nobody_named_is_a_fault_that_says_where_to_name_it()
    {
        var observed = A.Observed(A.Model(autoscaling: A.Autoscaling(engine: "KEDA", metrics: ("Concurrency", 8))), null);

        var fault = Desired.For(observed, new(A.ServerImage)).Fault!;

        fault.Reason.Should().Be(Reasons.PrometheusAddressMissing);
        fault.Message.Should().Contain("spec.autoscaling.keda.serverAddress").And.Contain("--prometheus-url");
        Desired.For(observed, new(A.ServerImage, "http://prometheus:9090")).Fault.Should().BeNull();
    }

    [TestCase(true, true, "ServiceMonitor", "PrometheusRule")]
    [TestCase(true, false, "ServiceMonitor")]
    [TestCase(false, true, "PrometheusRule")]
    [TestCase(false, false)]
    public void Monitoring_is_wanted_as_far_as_the_cluster_knows_its_kinds(bool monitors, bool rules, params string[] wanted)
    {
        var model = A.Model(monitoring: new());

        var desired = Desired.For(A.Observed(model, A.Deployment(model)) with { Prometheus = new(monitors, rules) }, new(A.ServerImage));

        Kinds(desired).Where(kind => kind is "ServiceMonitor" or "PrometheusRule").Should().Equal(wanted);
        Kinds(desired).Should().Contain("Deployment", "everything else goes on");
    }

    [TestCase("-1000000000000000")]
    [TestCase("1e99")]
    [TestCase("\"-1e0\"")]
    [TestCase("\"1e600000\"")]
    [TestCase("\"99999999999999999999999999999999\"")]
    [TestCase("\"1/0\"")]
    public async Task A_stored_quantity_that_is_none_stalls_the_model_with_its_path(string value)
    {
        var stored = KubernetesJson.Serialize(A.Model(server: new() { Resources = new() { Limits = new Dictionary<string, Quantity> { ["memory"] = new("VALUE") } } }))
            .Replace("\"VALUE\"", value, StringComparison.Ordinal);

        // Elsewhere, so that what never ends fails and does not hang.
        var decision = await Task.Run(() => Decision.Make(A.Situation(A.Observed(KubernetesJson.Deserialize<ModelDeployment>(stored), null)), DateTimeOffset.UnixEpoch))
            .WaitAsync(TimeSpan.FromSeconds(10));

        decision.Status.Conditions.Should().ContainSingle(condition => condition.Type == ConditionTypes.Stalled)
            .Which.Message.Should().StartWith("spec.server.resources.limits.memory: ");
    }

    private static IEnumerable<string> Kinds(Desired desired) => desired.Children.Select(child => child.Kind);

    private static TestCaseData Case(string name, string? engine, Scalers scalers, string kind) =>
        new TestCaseData(engine, scalers, kind).SetArgDisplayNames(name);
}
