using Slipway.Api;
using Slipway.Operator.Upgrades;
using Slipway.Runtime;

namespace Slipway.Operator.Monitoring.Dashboards;

/// <summary>All models side by side: which of them need somebody, and how the operator does.</summary>
internal static class FleetDashboard
{
    private const string ByModel = ModelSeries.ByModel;
    private const string Of = "namespace=~\"$namespace\"";
    private const string Name = "{{namespace}}/{{model}}";
    private const string Most = "10";

    public static Dashboard Build() => new(
        "slipway-fleet",
        "Slipway / Fleet",
        [new("namespace", $"label_values({ModelMetrics.Condition}, namespace)") { IsMany = true }],
        [
            new(
                "Models",
                new("Models", "ModelDeployments that the operator knows.", Panel.Number, "short", new Query($"count({Condition("Ready", "True")})", "")) { Width = 4, Height = 4 },
                new("Ready", "Those whose whole spec is in force.", Panel.Number, "short", new Query($"sum({Condition("Ready", "True")})", "")) { Width = 4, Height = 4 },
                new("Without an answer", "Those of which no pod answers; one that is scaled to 0 is among them.", Panel.Number, "short", new Query($"sum({Condition("Serving", "False")})", "")) { Width = 4, Height = 4, Trouble = 1 },
                new("Drifted", "Features above the threshold of their alert.", Panel.Number, "short", new Query($"count(ALERTS{{alertname=~\"{DriftRules.FeatureDrift}|{DriftRules.PredictionDrift}\", alertstate=\"firing\", {Of}}})", "") { Otherwise = Query.Zero }) { Width = 4, Height = 4, Trouble = 1 },
                new("Alerts that fire", "All alerts of Slipway.", Panel.Number, "short", new Query($"count(ALERTS{{alertname=~\"Slipway.+\", alertstate=\"firing\", {Of}}})", "") { Otherwise = Query.Zero }) { Width = 8, Height = 4, Trouble = 1 },
                new("In force", "1 for a model that is Ready. 0, above: a change is under way, or something is wrong; the condition's message says what.", Panel.Table, "short", new Query($"sort({Condition("Ready", "True")})", "")) { Width = 8 },
                new("Pods", "Pods that exist of each model.", Panel.Lines, "short", new Query($"max by (namespace, name) ({ModelMetrics.Replicas}{{{Of}}})", "{{namespace}}/{{name}}")) { Width = 16 }),
            new(
                "Requests",
                new("Requests", "Requests a second, of the busiest models.", Panel.Lines, "reqps", new Query($"topk({Most}, sum by ({ByModel}) (rate({ServerContract.Metrics.Requests}{{{Of}}}[$__rate_interval])))", Name)),
                new("Failed requests", "The share of requests that failed through the server, and not through who sent them.", Panel.Lines, "percentunit", new Query($"topk({Most}, sum by ({ByModel}) (rate({ServerContract.Metrics.Requests}{{{Of}, {RequestRules.Failed}}}[$__rate_interval])) / sum by ({ByModel}) (rate({ServerContract.Metrics.Requests}{{{Of}}}[$__rate_interval])))", Name)),
                new("Latency", "The 99th percentile from a request's headers to its answer, of the slowest models.", Panel.Lines, "s", new Query($"topk({Most}, histogram_quantile(0.99, sum by ({ByModel}, le) (rate({ServerContract.Metrics.RequestDuration}_bucket{{{Of}}}[$__rate_interval]))))", Name)),
                new("Drift", "The population stability index of the feature that strays most, of models with monitoring. By custom, under 0.1 is stable and over 0.2 a shift.", Panel.Lines, "short", new Query($"topk({Most}, max by ({ByModel}) ({DriftRules.Index}{{{Of}}}))", Name)) { Trouble = 0.2 }),
            new(
                "Operator",
                new("Reconciles", "Reconciles a second by how they ended. At rest there are next to none.", Panel.Lines, "ops", new Query($"sum by ({RuntimeMetricNames.ResultLabel}) (rate({RuntimeMetricNames.Reconciles}[$__rate_interval]))", $"{{{{{RuntimeMetricNames.ResultLabel}}}}}")) { Width = 8 },
                new("Queue", "Models that wait for a worker.", Panel.Lines, "short", new Query($"max by ({RuntimeMetricNames.NameLabel}) ({RuntimeMetricNames.QueueDepth})", $"{{{{{RuntimeMetricNames.NameLabel}}}}}")) { Width = 8 },
                new("Upgrade", "Models that wait for their turn to get pods as a new operator makes them, have it, or failed in it.", Panel.Lines, "short", new Query($"max by (state) ({UpgradeMetrics.Models})", "{{state}}")) { Width = 8 }),
        ]);

    private static string Condition(string type, string status) => $"max by (namespace, name) ({ModelMetrics.Condition}{{type=\"{type}\", status=\"{status}\", {Of}}})";
}
