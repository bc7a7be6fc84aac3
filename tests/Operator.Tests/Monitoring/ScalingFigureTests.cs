using System.Text.Json.Nodes;
using Slipway.Operator.Desire;
using Slipway.Operator.Manifests;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

/// <summary>What KEDA and prometheus-adapter ask Prometheus for, answered by promtool.</summary>
internal sealed class ScalingFigureTests
{
    private const string Fleet = "fleet:figure:sum";
    private const string Pod = "pod:figure:value";

    // Pod a takes 2 requests a second, each for 1.5 s of which 0.5 s are in the queue; b was asked once and c never was; d is of another model.
    [TestCase("Concurrency", 3)]
    [TestCase("RequestsPerSecond", 2)]
    [TestCase("QueueTime", 500)]
    public async Task Pods_that_are_idle_or_were_never_asked_have_zero(string type, double value) => await Story(type)
        .With(Requests("a"), "0+30x20").With(Series("slipway_request_duration_seconds_sum", "a"), "0+45x20").With(Series("slipway_queue_duration_seconds_sum", "a"), "0+15x20")
        .With(Series("slipway_queue_duration_seconds_count", "a"), "0+30x20")
        .With(Requests("b"), "1x20").With(Series("slipway_request_duration_seconds_sum", "b"), "3x20").With(Series("slipway_queue_duration_seconds_sum", "b"), "1x20")
        .With(Series("slipway_queue_duration_seconds_count", "b"), "1x20")
        .With(Requests("c"), "0x20")
        .With(Requests("d", "other"), "0+300x20").With(Series("slipway_request_duration_seconds_sum", "d", "other"), "0+300x20")
        .Expect("5m", Fleet, (Fleet, value))
        .Expect("5m", Pod, ($"{Pod}{{pod=\"a\"}}", value), ($"{Pod}{{pod=\"b\"}}", 0), ($"{Pod}{{pod=\"c\"}}", 0))
        .RunAsync();

    [TestCase("Concurrency")]
    [TestCase("RequestsPerSecond")]
    [TestCase("QueueTime")]
    public async Task A_model_that_is_not_scraped_has_no_figure(string type) => await Story(type)
        .With(Requests("d", "other"), "0+300x20")
        .Expect("5m", Fleet)
        .Expect("5m", Pod)
        .RunAsync();

    private static RuleTest Story(string type) => new(
        new([new() { Name = "figures", Interval = "15s", Rules = [Rule.Recording(Fleet, ScalingFigure.Of(type)!.QueryFor(A.Model())), Rule.Recording(Pod, AdapterQuery(type))] }]),
        interval: "15s");

    /// <summary>As the adapter asks for the pods of one model.</summary>
    private static string AdapterQuery(string type) => AdapterRuleOf(type)["metricsQuery"]!.GetValue<string>()
        .Replace("<<.LabelMatchers>>", "namespace=\"payments\",pod=~\"a|b|c\"", StringComparison.Ordinal)
        .Replace("<<.GroupBy>>", "pod", StringComparison.Ordinal);

    private static JsonNode AdapterRuleOf(string type) => Yaml.Parse(AdapterRules.Render())!["rules"]!["custom"]!.AsArray()
        .Single(rule => (string?)rule!["name"]!["as"] == ScalingFigure.Of(type)!.Name)!;

    private static string Requests(string pod, string model = "fraud-detector") => $"slipway_requests_total{{namespace=\"payments\",model=\"{model}\",pod=\"{pod}\",code=\"ok\"}}";

    private static string Series(string name, string pod, string model = "fraud-detector") => $"{name}{{namespace=\"payments\",model=\"{model}\",pod=\"{pod}\"}}";
}
