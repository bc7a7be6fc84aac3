using Slipway.Api;

namespace Slipway.Operator.Monitoring.Dashboards;

/// <summary>One model: what it is asked, how it answers, which versions do, whether they stray from their training, and how right they are.</summary>
internal static class ModelDashboard
{
    private const string Of = "namespace=\"$namespace\", model=\"$model\"";
    private const string Feature = $"{Of}, feature=\"$feature\"";
    private const string Interval = "[$__rate_interval]";

    // A version has errors or rewards, not both.
    private const string Means =
        $"__name__=~\"{AccuracyFigures.MeanAbsoluteError}|{AccuracyFigures.RootMeanSquaredError}|{AccuracyFigures.Bias}|{AccuracyFigures.Reward}\"";

    // What a version counted stays in the window when its pods are gone; what it expects goes with them.
    private const string Bins = $"max by (bin, version) ({DriftRules.Actual}{{{Feature}}} and {DriftRules.Expected}{{{Feature}}})";

    public static Dashboard Build() => new(
        "slipway-model",
        "Slipway / Model",
        [
            new("namespace", $"label_values({ServerContract.Metrics.ModelLoaded}, namespace)"),
            new("model", $"label_values({ServerContract.Metrics.ModelLoaded}{{namespace=\"$namespace\"}}, model)"),
            new("feature", $"label_values({ServerContract.Metrics.DriftExpectedRatio}{{{Of}}}, feature)"),
        ],
        [
            new(
                "Traffic",
                new("Requests", "Requests a second by how they ended.", Panel.Lines, "reqps", new Query($"sum by (code) ({Rate(ServerContract.Metrics.Requests)})", "{{code}}")) { Width = 8 },
                new("Failed requests", "The share of requests that failed through the server, and not through who sent them.", Panel.Lines, "percentunit", new Query($"sum({Rate(ServerContract.Metrics.Requests, RequestRules.Failed)}) / sum({Rate(ServerContract.Metrics.Requests)})", "failed")) { Width = 8 },
                new("Slow requests", "The share of requests that took longer than the latency objective, or than 1 s without one, and not through who sent them.", Panel.Lines, "percentunit", new Query($"sum({Rate(ServerContract.Metrics.SlowRequests)}) / sum({Rate(ServerContract.Metrics.Requests)})", "slow")) { Width = 8 }),
            new(
                "Latency",
                new("Latency", "From a request's headers to its answer.", Panel.Lines, "s", Quantile("0.5"), Quantile("0.9"), Quantile("0.99")) { Width = 8 },
                new("Where time goes", "Means: inside the model, and waiting for it.", Panel.Lines, "s", Mean(ServerContract.Metrics.InferenceDuration, "model"), Mean(ServerContract.Metrics.QueueDuration, "queue") with { Otherwise = Query.Zero }) { Width = 8 },
                new("Batches", "Rows that ran together, the mean.", Panel.Lines, "short", Mean(ServerContract.Metrics.BatchSize, "rows")) { Width = 8 }),
            new(
                "Versions",
                new("Requests by version", "Requests a second that each version answered.", Panel.Lines, "reqps", new Query($"sum by (version) ({Rate(ServerContract.Metrics.Requests)})", "{{version}}")) { Width = 8 },
                new("Loaded", "Pods that have each version loaded.", Panel.Lines, "short", new Query($"sum by (version) ({ServerContract.Metrics.ModelLoaded}{{{Of}}})", "{{version}}")) { Width = 8 },
                new("What is served", "Digest and way of running of each version, and how many pods have it.", Panel.Table, "short", new Query($"count by (version, digest, execution) ({ServerContract.Metrics.ModelInfo}{{{Of}}})", "")) { Width = 8 },
                new("Under way", "Requests that are accepted and not answered, and rows that wait for the model.", Panel.Lines, "short", new Query($"sum({ServerContract.Metrics.InFlightRequests}{{{Of}}})", "requests"), new Query($"sum({ServerContract.Metrics.QueuedRows}{{{Of}}})", "rows")),
                new("Loading", "How long the last load of each version took, the longest of its pods.", Panel.Lines, "s", new Query($"max by (version) ({ServerContract.Metrics.ModelLoadDuration}{{{Of}}})", "{{version}}"))),
            new(
                "Drift",
                new("Features now", "The population stability index of each feature over spec.monitoring.drift.window. Those of outputs are named output.….", Panel.Bars, "short", new Query($"sort_desc(max by (feature, version) ({DriftRules.Index}{{{Of}}}))", "{{feature}} ({{version}})")) { Trouble = 0.2 },
                new("Features over time", "The same index; a sudden change rises over one window.", Panel.Lines, "short", new Query($"max by (feature, version) ({DriftRules.Index}{{{Of}}})", "{{feature}} ({{version}})")) { Trouble = 0.2 },
                new("Bins of $feature", "The share of live rows in each bin of the chosen feature, of each version until its pods are gone: where a shift comes from and goes to.", Panel.Heatmap, "percentunit", new Query(Bins, "{{bin}} ({{version}})")),
                new("Bins of $feature in training", "The share of training rows in each bin.", Panel.Bars, "percentunit", new Query($"max by (bin, version) ({DriftRules.Expected}{{{Feature}}})", "{{bin}} ({{version}})"))),
            new(
                "Accuracy",
                new("Accuracy", "The share of right answers, by the feedback of the window: a day, or that of spec.monitoring.accuracy. Labels may come weeks late.", Panel.Lines, "percentunit", new Query($"max by (version) ({AccuracyFigures.Accuracy}{{{Of}}})", "{{version}}")) { Width = 8 },
                new("Errors and rewards", "Of values the mean absolute error (mae), the root of the mean squared error (rmse) and the bias, which is above 0 where the model says too much; or the mean reward.", Panel.Lines, "short", new Query($"{{{Means}, {Of}}}", "{{version}} {{__name__}}")) { Width = 8, IsSigned = true },
                new("Feedback", "Predictions that somebody told the right class or value of, or rewarded, in the window: what the figures rest on.", Panel.Lines, "short", new Query($"max by (version, kind) ({AccuracyFigures.Samples}{{{Of}}})", "{{version}} {{kind}}")) { Width = 8 },
                OfClasses("Recall", "Of what was of a class, the share that was predicted so.", AccuracyFigures.Recall),
                OfClasses("Precision", "Of the predictions of a class, the share that was right.", AccuracyFigures.Precision),
                OfClasses("F1", "The harmonic mean of recall and precision of a class.", AccuracyFigures.F1),
                new("Confusion", "How often what was of one class was predicted to be of another, in the window.", Panel.Table, "short", new Query($"sort_desc(sum by (version, predicted, actual) ({AccuracyFigures.Pairs}{{{Of}}}))", "")),
                new("Right and wrong", "Predictions a second that somebody told the right class of, by whether they were right.", Panel.Lines, "short", new Query($"sum by (version, correct) ({Rate(ServerContract.Metrics.FeedbackCorrect)})", "{{version}} correct={{correct}}"))),
        ]);

    private static Panel OfClasses(string title, string description, string figure) =>
        new(title, description, Panel.Lines, "percentunit", new Query($"max by (class, version) ({figure}{{{Of}}})", "{{class}} ({{version}})")) { Width = 8 };

    private static string Rate(string counter, string matchers = "") => $"rate({counter}{{{Of}{(matchers.Length > 0 ? ", " : "")}{matchers}}}{Interval})";

    private static Query Quantile(string quantile) =>
        new($"histogram_quantile({quantile}, sum by (le) ({Rate($"{ServerContract.Metrics.RequestDuration}_bucket")}))", quantile);

    private static Query Mean(string histogram, string legend) => new($"sum({Rate($"{histogram}_sum")}) / sum({Rate($"{histogram}_count")})", legend);
}
