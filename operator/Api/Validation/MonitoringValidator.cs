using System.Text.RegularExpressions;

namespace Slipway.Api.Validation;

/// <summary>The rules of <c>spec.monitoring</c>.</summary>
internal static partial class MonitoringValidator
{
    private const string Path = "spec.monitoring";
    private const decimal LeastObjective = 95;
    private const decimal MostObjective = 99.99m;

    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(720);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(168);

    public static IEnumerable<FieldError> Validate(MonitoringSpec? monitoring) => monitoring is null
        ? []
        :
        [
            .. Drift(monitoring.Drift), .. monitoring.Accuracy is { } accuracy ? Accuracy(accuracy) : [], .. monitoring.Slo is { } slo ? Slo(slo) : [],
            .. monitoring.NoTraffic is { } traffic ? ModelDeploymentValidator.Duration($"{Path}.noTraffic.for", traffic.For, TimeSpan.FromMinutes(5), LongestWait) : [],
            .. Labels(monitoring.RuleLabels),
        ];

    private static IEnumerable<FieldError> Drift(DriftSpec drift) =>
    [
        .. FieldChecks.Number($"{Path}.drift.threshold", drift.Threshold, 0.01m, 10),
        .. ModelDeploymentValidator.Duration($"{Path}.drift.window", drift.Window, TimeSpan.FromMinutes(1), LongestWindow),
        .. ModelDeploymentValidator.Duration($"{Path}.drift.for", drift.For, TimeSpan.Zero, LongestWait),
        .. FieldChecks.Number($"{Path}.drift.minSamples", drift.MinSamples, 1, MonitoringRules.MostSamples),
        .. Features(drift.Features),
    ];

    private static IEnumerable<FieldError> Features(IReadOnlyList<string> features)
    {
        const string path = $"{Path}.drift.features";
        if (features.Count > MonitoringRules.MostFeatures)
        {
            yield return new(path, $"has {features.Count} entries; at most {MonitoringRules.MostFeatures} are taken.");
        }

        for (var i = 0; i < features.Count; i++)
        {
            if (features[i].Length is 0 or > MonitoringRules.LongestFeature)
            {
                yield return new($"{path}[{i}]", $"must have 1 to {MonitoringRules.LongestFeature} characters.");
            }
        }
    }

    private static IEnumerable<FieldError> Accuracy(AccuracySpec accuracy)
    {
        const string path = $"{Path}.accuracy";
        string[] known =
        [
            AccuracyMetrics.Accuracy, AccuracyMetrics.Precision, AccuracyMetrics.Recall, AccuracyMetrics.F1,
            AccuracyMetrics.MeanAbsoluteError, AccuracyMetrics.RootMeanSquaredError, AccuracyMetrics.Reward,
        ];
        FieldError[] errors =
        [
            .. ModelDeploymentValidator.Duration($"{path}.window", accuracy.Window, TimeSpan.FromMinutes(10), LongestWindow),
            .. FieldChecks.Number($"{path}.minSamples", accuracy.MinSamples, 1, MonitoringRules.MostSamples),
        ];
        return known.Contains(accuracy.Metric)
            ? [.. Class($"{path}.class", accuracy), .. Bound(path, accuracy), .. errors]
            : [.. FieldChecks.Word($"{path}.metric", accuracy.Metric, known), .. errors];
    }

    private static IEnumerable<FieldError> Class(string path, AccuracySpec accuracy)
    {
        if (AccuracyMetrics.IsOfOneClass(accuracy.Metric) != accuracy.Class.Length > 0)
        {
            yield return new(path, accuracy.Class.Length > 0 ? $"{accuracy.Metric} is of no class: leave it out." : $"{accuracy.Metric} is of one class: name it.");
        }

        if (accuracy.Class.Length > MonitoringRules.LongestClass)
        {
            yield return new(path, $"must have at most {MonitoringRules.LongestClass} characters.");
        }
    }

    private static IEnumerable<FieldError> Bound(string path, AccuracySpec accuracy)
    {
        var (needed, value, refused, other) = AccuracyMetrics.IsError(accuracy.Metric)
            ? ("maximum", accuracy.Maximum, "minimum", accuracy.Minimum)
            : ("minimum", accuracy.Minimum, "maximum", accuracy.Maximum);
        if (other is not null)
        {
            yield return new($"{path}.{refused}", $"{accuracy.Metric} has a {needed}: leave this out.");
        }

        if (value is not { } bound)
        {
            yield return new($"{path}.{needed}", $"{accuracy.Metric} needs it.");
            yield break;
        }

        var most = accuracy.Metric == AccuracyMetrics.Reward || AccuracyMetrics.IsError(accuracy.Metric) ? (decimal)MonitoringRules.MostValue : 1;
        foreach (var error in FieldChecks.Number($"{path}.{needed}", bound, 0, most))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Slo(SloSpec slo) =>
    [
        .. slo.Availability is { } availability ? FieldChecks.Number($"{Path}.slo.availability", availability, LeastObjective, MostObjective) : [],
        .. slo.Latency is not { } latency ? [] : ModelDeploymentValidator.Duration($"{Path}.slo.latency.threshold", latency.Threshold, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1))
            .Concat(FieldChecks.Number($"{Path}.slo.latency.objective", latency.Objective, LeastObjective, MostObjective)),
    ];

    private static IEnumerable<FieldError> Labels(IReadOnlyDictionary<string, string> labels)
    {
        const string path = $"{Path}.ruleLabels";
        if (labels.Count > MonitoringRules.MostLabels)
        {
            yield return new(path, $"has {labels.Count} entries; at most {MonitoringRules.MostLabels} are taken.");
        }

        foreach (var (name, value) in labels)
        {
            if (name.StartsWith("slipway.dev/", StringComparison.Ordinal) || name.StartsWith("app.kubernetes.io/", StringComparison.Ordinal))
            {
                yield return new(path, $"'{name}' is one of the operator's own labels.");
            }
            else if (!LabelName().IsMatch(name))
            {
                yield return new(path, $"'{name}' is no name of a label.");
            }

            if (value.Length > 63 || !LabelValue().IsMatch(value))
            {
                yield return new($"{path}.{name}", $"'{value}' is no value of a label: at most 63 letters, digits, '.', '_' and '-'.");
            }
        }
    }

    [GeneratedRegex(MonitoringRules.LabelName)]
    private static partial Regex LabelName();

    [GeneratedRegex(MonitoringRules.LabelValue)]
    private static partial Regex LabelValue();
}
