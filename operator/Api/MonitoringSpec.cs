using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Slipway.Api.Crd;
using Slipway.Api.Monitoring;
using Slipway.Api.Validation;

namespace Slipway.Api;

/// <summary>What is watched of the running model.</summary>
[Cel(
    "!has(self.ruleLabels) || self.ruleLabels.all(name, !name.startsWith('slipway.dev/') && !name.startsWith('app.kubernetes.io/'))",
    "labels under slipway.dev/ and app.kubernetes.io/ are the operator's own", FieldPath = ".ruleLabels")]
public sealed record MonitoringSpec
{
    [Description("Alerts about live data that strays from the version's baseline.json. On unless it is switched off; a version without baseline has nothing to stray from.")]
    public DriftSpec Drift { get; init; } = new();

    [Description("An alert about answers that are less right than they should be, by the feedback that is sent. Absent: none; the figures are recorded all the same, over 24h.")]
    public AccuracySpec? Accuracy { get; init; }

    [Description("Service level objectives, with alerts about how fast their error budget of 30 days is used up.")]
    public SloSpec? Slo { get; init; }

    [Description("An alert about a model that runs and that nobody asks. Absent: none.")]
    public NoTrafficSpec? NoTraffic { get; init; }

    [Description(
        "Labels that are put on the ServiceMonitor and the PrometheusRule, by which a Prometheus selects them, for example {release: prometheus}. Labels under "
        + "slipway.dev/ and app.kubernetes.io/ are the operator's own.")]
    [MaxProperties(MonitoringRules.MostLabels)]
    [MaxItemLength(63)]
    [RegularExpression(MonitoringRules.LabelValue)]
    public IReadOnlyDictionary<string, string> RuleLabels { get; init; } = new Dictionary<string, string>();
}

/// <summary>How far live data may be from the baseline.</summary>
public sealed record DriftSpec
{
    [Description("Whether drift is computed and alerted about.")]
    public bool Enabled { get; init; } = true;

    [Description("Population stability index of a feature above which it has drifted, 0.01 to 10. Below 0.1 is usually taken for no change, above 0.2 for one that matters.")]
    [Range(0.01, 10)]
    public decimal Threshold { get; init; } = DriftScores.DefaultThreshold;

    [Description(
        "The stretch of time whose data is compared with the baseline, as a Go duration from 1m to 720h. It should cover the periods that the data has: a day for "
        + "what depends on the hour.")]
    [GoDuration("1m", "720h")]
    public string Window { get; init; } = "24h";

    [Description("How long a feature has to be past the threshold before the alert fires, as a Go duration from 0s to 168h.")]
    [GoDuration("0s", "168h")]
    public string For { get; init; } = "1h";

    [Description("Rows in the window below which nothing is said of a feature, 1 to 100000000. It also takes 50 rows for each of the feature's bins.")]
    [Range(1, MonitoringRules.MostSamples)]
    public int MinSamples { get; init; } = DriftScores.DefaultMinSamples;

    [Description("Features that are watched, by the names in baseline.json; those of outputs with output. before them. Empty: all.")]
    [MaxItems(MonitoringRules.MostFeatures)]
    [MaxItemLength(MonitoringRules.LongestFeature)]
    public IReadOnlyList<string> Features { get; init; } = [];
}

/// <summary>How right the answers have to be.</summary>
[Cel(
    $"(self.metric in {MonitoringRules.OfOneClass}) == (has(self.class) && self.class.size() > 0)",
    "Precision, Recall and F1 are of one class, which class names; the other metrics have none", FieldPath = ".class")]
[Cel($"(self.metric in {MonitoringRules.Errors}) != has(self.minimum)", "every metric but MAE and RMSE needs minimum; those two are errors, which have a maximum instead", FieldPath = ".minimum")]
[Cel($"(self.metric in {MonitoringRules.Errors}) == has(self.maximum)", "MAE and RMSE need maximum; the other metrics are the better the higher they are, and have a minimum instead", FieldPath = ".maximum")]
[Cel("!has(self.minimum) || self.metric == 'Reward' || self.minimum <= 1.0", "minimum is a share from 0 to 1 for every metric but Reward", FieldPath = ".minimum")]
public sealed record AccuracySpec
{
    /// <summary>Also the one of the figures where nothing is asked of them.</summary>
    public const string DefaultWindow = "24h";

    [Description(
        "Accuracy: right answers of all. Precision: right ones of those that said class. Recall: right ones of those that were class. F1: the harmonic mean of these two. MAE, RMSE: "
        + "mean absolute error, root of the mean squared error. Reward: mean reward.")]
    [AllowedValues(
        AccuracyMetrics.Accuracy, AccuracyMetrics.Precision, AccuracyMetrics.Recall, AccuracyMetrics.F1, AccuracyMetrics.MeanAbsoluteError, AccuracyMetrics.RootMeanSquaredError, AccuracyMetrics.Reward)]
    public required string Metric { get; init; }

    [Description("The class that Precision, Recall and F1 are of, as feedback names it. Empty for the other metrics.")]
    [MaxLength(MonitoringRules.LongestClass)]
    public string Class { get; init; } = "";

    [Description("The least that is good enough: 0 to 1 for Accuracy, Precision, Recall and F1; for Reward in its own unit, which is never below 0. Not for MAE and RMSE.")]
    [Range(0, MonitoringRules.MostValue)]
    public decimal? Minimum { get; init; }

    [Description("The largest error that is good enough, in the unit of the model's answers; for MAE and RMSE alone.")]
    [Range(0, MonitoringRules.MostValue)]
    public decimal? Maximum { get; init; }

    [Description("The stretch of time whose feedback counts, by when it arrives, as a Go duration from 10m to 720h.")]
    [GoDuration("10m", "720h")]
    public string Window { get; init; } = DefaultWindow;

    [Description(
        "Feedback in the window below which nothing is said, 1 to 100000000. What is counted is what the metric is divided by: for Recall what was class, for Precision what was said to be, "
        + "for F1 what was either, each once.")]
    [Range(1, MonitoringRules.MostSamples)]
    public int MinSamples { get; init; } = 200;
}

/// <summary>The words of <c>spec.monitoring.accuracy.metric</c>.</summary>
public static class AccuracyMetrics
{
    public const string Accuracy = "Accuracy";
    public const string Precision = "Precision";
    public const string Recall = "Recall";
    public const string F1 = "F1";
    public const string MeanAbsoluteError = "MAE";
    public const string RootMeanSquaredError = "RMSE";
    public const string Reward = "Reward";

    /// <summary>The lower the better, so that the bound is a maximum.</summary>
    public static bool IsError(string metric) => metric is MeanAbsoluteError or RootMeanSquaredError;

    public static bool IsOfOneClass(string metric) => metric is Precision or Recall or F1;
}

/// <summary>Service level objectives.</summary>
public sealed record SloSpec
{
    [Description(
        "Percent of requests that are not to fail through the server, 95 to 99.99. Those fail that end with internal, unavailable, deadline_exceeded or resource_exhausted. Absent: no objective.")]
    [Range(95, 99.99)]
    public decimal? Availability { get; init; }

    [Description("How fast requests are to be answered. Absent: no objective.")]
    public LatencySpec? Latency { get; init; }
}

/// <summary>How fast requests are to be answered.</summary>
public sealed record LatencySpec
{
    [Description(
        "Requests that take longer are slow and counted in slipway_requests_slow_total: a Go duration from 1ms to 1h. A change reaches running "
        + "servers without a restart.")]
    [GoDuration("1ms", "1h")]
    public required string Threshold { get; init; }

    [Description("Percent of requests that are not to be slow, 95 to 99.99.")]
    [Range(95, 99.99)]
    public decimal Objective { get; init; } = 99;
}

/// <summary>When a model that nobody asks is an alarm.</summary>
public sealed record NoTrafficSpec
{
    [Description("How long no request may come before the alert fires, as a Go duration from 5m to 168h.")]
    [GoDuration("5m", "168h")]
    public string For { get; init; } = "30m";
}
