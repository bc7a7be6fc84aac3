using System.Text.Json.Nodes;
using Slipway.Api.Validation;

namespace Slipway.Api.Tests.Validation;

internal sealed class AutoscalingValidatorTests
{
    [Test]
    public void Bounds_and_one_target_are_enough() => Errors(A.Autoscaling()).Should().BeEmpty();

    [TestCase(1, 1)]
    [TestCase(1000, 1000)]
    public void The_least_may_be_the_most(int min, int max) => Errors(A.Autoscaling(min, max)).Should().BeEmpty();

    [TestCase(0, 10, "spec.autoscaling.minReplicas")]
    [TestCase(1, 0, "spec.autoscaling.maxReplicas")]
    [TestCase(1, 1001, "spec.autoscaling.maxReplicas")]
    [TestCase(5, 4, "spec.autoscaling.maxReplicas")]
    public void An_impossible_range_is_refused(int min, int max, string path) => Errors(A.Autoscaling(min, max)).Should().Equal(path);

    [Test]
    public void An_unknown_engine_is_refused() => Errors(A.Autoscaling(engine: "VPA")).Should().Equal("spec.autoscaling.engine");

    [Test]
    public void Each_metric_is_checked_by_its_place() => Errors(A.Autoscaling(metrics: [("Cpu", 0), ("Latency", 5), ("QueueTime", 5), ("QueueTime", 6)])).Should().Equal(
        "spec.autoscaling.metrics[0].target", "spec.autoscaling.metrics[1].type", "spec.autoscaling.metrics[3].type");

    [Test]
    public void Without_a_metric_nothing_could_be_scaled_by() =>
        Errors(A.Autoscaling() with { Metrics = [] }).Should().Equal("spec.autoscaling.metrics");

    [TestCase("Cpu", "memory", "spec.server.resources.requests.cpu")]
    [TestCase("Memory", "cpu", "spec.server.resources.requests.memory")]
    public void A_percentage_needs_the_request_that_it_is_of(string type, string stated, string path) =>
        Errors(A.Autoscaling(metrics: [(type, 70)]), Requesting(stated)).Should().Equal(path);

    [TestCase("Cpu", "cpu")]
    [TestCase("Memory", "memory")]
    [TestCase("Concurrency", "memory")]
    public void A_stated_request_or_another_figure_will_do(string type, string stated) =>
        Errors(A.Autoscaling(metrics: [(type, 70)]), Requesting(stated)).Should().BeEmpty();

    [Test]
    public void A_limit_is_a_request_where_none_is_stated() => Errors(
        A.Autoscaling(), new() { Resources = new() { Limits = new Dictionary<string, Quantity> { ["cpu"] = new("1") } } }).Should().BeEmpty();

    [TestCase(7, 8, true)]
    [TestCase(8, 8, false)]
    [TestCase(8, 0, true)]
    public void A_concurrency_that_no_pod_gets_above_would_never_add_one(int target, int maxConcurrency, bool valid) =>
        Errors(A.Autoscaling(metrics: [("Cpu", 70), ("Concurrency", target)]), new() { MaxConcurrency = maxConcurrency })
            .Should().Equal(valid ? [] : ["spec.autoscaling.metrics[1].target"]);

    [TestCase("prometheus:9090")]
    [TestCase("ftp://prometheus")]
    [TestCase("http://user:secret@prometheus")]
    [TestCase("http://169.254.169.254/latest/meta-data/?x=")]
    [TestCase("http://10.0.0.1/private#")]
    [TestCase("http://10.0.0.1?")]
    public void Another_address_of_prometheus_is_refused(string address) =>
        Errors(A.Autoscaling(engine: "KEDA", keda: new() { ServerAddress = address })).Should().Equal("spec.autoscaling.keda.serverAddress");

    [TestCase("")]
    [TestCase("http://prometheus.monitoring:9090")]
    [TestCase("https://metrics.example/team-a")]
    public void An_address_or_none_is_taken(string address) =>
        Errors(A.Autoscaling(engine: "KEDA", keda: new() { ServerAddress = address })).Should().BeEmpty("the operator may know one");

    [Test]
    public void A_fallback_needs_a_figure_of_prometheus()
    {
        var keda = new KedaSpec { Fallback = new() { Replicas = 3 } };

        Errors(A.Autoscaling(engine: "KEDA", keda: keda)).Should().Equal("spec.autoscaling.keda.fallback");
        Errors(A.Autoscaling(engine: "KEDA", keda: keda, metrics: [("Cpu", 70), ("Concurrency", 8)])).Should().BeEmpty();
    }

    [Test]
    public void Settings_of_keda_out_of_bounds_are_refused() => Errors(A.Autoscaling(
        engine: "KEDA", keda: new() { CooldownPeriod = "25h", Fallback = new() { FailureThreshold = 0, Replicas = 0 } }, metrics: [("Concurrency", 8)])).Should().Equal(
        "spec.autoscaling.keda.cooldownPeriod", "spec.autoscaling.keda.fallback.failureThreshold", "spec.autoscaling.keda.fallback.replicas");

    [TestCase("""{"scaleDown":{"stabilizationWindowSeconds":300,"policies":[{"type":"Percent","value":10,"periodSeconds":60}]}}""", null)]
    [TestCase("""{"scaleDown":{"stabilisationWindowSeconds":300}}""", "spec.autoscaling.behavior.scaleDown.stabilisationWindowSeconds")]
    [TestCase("""{"scaleUp":{"policies":[{"type":"Pods","amount":4,"periodSeconds":60}]}}""", "spec.autoscaling.behavior.scaleUp.policies[0].amount")]
    [TestCase("""{"scaleDown":{"stabilizationWindowSeconds":"soon"}}""", "spec.autoscaling.behavior.scaleDown.stabilizationWindowSeconds")]
    [TestCase("""{"scaleDown":{"stabilizationWindowSeconds":1e99}}""", "spec.autoscaling.behavior.scaleDown.stabilizationWindowSeconds")]
    public void Behavior_is_what_kubernetes_knows_and_a_misspelt_field_is_told(string behavior, string? path) =>
        Errors(A.Autoscaling() with { Behavior = JsonNode.Parse(behavior)!.AsObject() }).Should().Equal(path is null ? [] : [path]);

    [TestCase("\"50m\"", null)]
    [TestCase("\"-1e0\"", "spec.autoscaling.behavior.scaleUp.tolerance")]
    [TestCase("-1000000000000000", "spec.autoscaling.behavior.scaleUp.tolerance")]
    public async Task A_tolerance_that_is_no_quantity_is_refused(string tolerance, string? path)
    {
        var scaling = A.Autoscaling() with { Behavior = JsonNode.Parse($$$"""{"scaleUp":{"tolerance":{{{tolerance}}}}}""")!.AsObject() };

        // Elsewhere, so that what never ends fails and does not hang.
        (await Task.Run(() => Errors(scaling).ToList()).WaitAsync(TimeSpan.FromSeconds(10))).Should().Equal(path is null ? [] : [path]);
    }

    private static ServerSpec Requesting(string name) =>
        new() { Resources = new() { Requests = new Dictionary<string, Quantity> { [name] = new("1") } } };

    private static IEnumerable<string> Errors(AutoscalingSpec autoscaling, ServerSpec? server = null) =>
        ModelDeploymentValidator.Validate(A.Model(autoscaling: autoscaling, server: server)).Select(error => error.Path);
}
