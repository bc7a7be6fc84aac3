using Slipway.Api;

namespace Slipway.Operator.Monitoring;

/// <summary>
/// The population stability index of every feature against the baseline of its version. Pods only count; here the counts of all of them meet, so
/// that the figure is right for any number of pods.
/// </summary>
internal static class DriftRules
{
    public const string FeatureDrift = "SlipwayFeatureDrift";
    public const string PredictionDrift = "SlipwayPredictionDrift";

    private const string Observations = "bin:slipway_drift_observations:increase";
    private const string Samples = "feature:slipway_drift_observations:increase";
    public const string Actual = "bin:slipway_drift_actual:ratio";
    public const string Expected = "bin:slipway_drift_expected:ratio";
    public const string Index = "feature:slipway_drift:psi";

    private const string ByBin = $"{ModelSeries.ByVersion}, feature, bin";

    /// <summary>A bin that was never hit would make the index infinite.</summary>
    private const string Floor = "0.0001";

    /// <summary>Rows for each bin below which the index is mostly chance.</summary>
    private const string SamplesPerBin = "50";

    /// <summary>Times that a window is looked at for whether the version was there: as many for any window, so that a long one costs no more.</summary>
    private const int Looks = 100;

    /// <summary>Looks that have to find the version. Not all of them: a scrape fails now and then, and a lone pod that starts again is away for a moment.</summary>
    private const int LeastFound = 95;

    private const string OfOutputs = "\"output\\\\..+\"";

    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(15);

    /// <summary>Null when drift is not watched.</summary>
    public static RuleGroup? Build(ModelSeries series, DriftSpec drift) => !drift.Enabled ? null : new()
    {
        Name = "drift",
        Interval = Alert.IntervalFor(GoDuration.Parse(drift.Window)),
        Rules = [.. Records(series, drift), Inputs(series, drift), Outputs(series, drift)],
    };

    private static IEnumerable<Rule> Records(ModelSeries series, DriftSpec drift)
    {
        string[] features = drift.Features.Count > 0 ? [$"feature=~{PromQl.AnyOf(drift.Features)}"] : [];
        var (actual, expected) = ($"clamp_min({series.Select(Actual)}, {Floor})", $"clamp_min({series.Select(Expected)}, {Floor})");
        return
        [
            Rule.Recording(Observations, series.Increase(ByBin, ServerContract.Metrics.DriftObservations, PromQl.Duration(GoDuration.Parse(drift.Window)), features)),
            Rule.Recording(Samples, $"sum without (bin) ({series.Select(Observations)})"),
            Rule.Recording(Actual, $"{series.Select(Observations)}\n/ ignoring (bin) group_left () ({series.Select(Samples)} > 0)"),
            Rule.Recording(Expected, $"max by ({ByBin}) ({series.Select(ServerContract.Metrics.DriftExpectedRatio, features)})"),
            Rule.Recording(
                Index,
                $"""
                sum without (bin) (({actual} - {expected}) * ln({actual} / {expected}))
                and ({series.Select(Samples)} >= {drift.MinSamples})
                and ({series.Select(Samples)} >= {SamplesPerBin} * count without (bin) ({series.Select(Expected)}))
                unless ({Unsettled(series, GoDuration.Parse(drift.Window))})
                """.ReplaceLineEndings("\n")),
        ];
    }

    /// <summary>Features that come round in a period which the window does not cover, or of versions that were not there throughout it: some of the period is missing then.</summary>
    private static string Unsettled(ModelSeries series, TimeSpan window)
    {
        var season = $"max by ({ModelSeries.ByVersion}, feature) ({series.Select(ServerContract.Metrics.DriftSeasonality)})";
        var looks = $"({season})[{PromQl.Duration(window)}:{PromQl.Duration(window / Looks)}]";
        return $"{season} > {PromQl.Number((decimal)window.TotalSeconds)} or ({season} unless (count_over_time({looks}) >= {LeastFound}))";
    }

    private static Rule Inputs(ModelSeries series, DriftSpec drift) => Drifted(
        series, drift, FeatureDrift, $"feature!~{OfOutputs}",
        "Feature {{ $labels.feature }} of model {{ $labels.namespace }}/{{ $labels.model }} is not what version {{ $labels.version }} was trained on.");

    private static Rule Outputs(ModelSeries series, DriftSpec drift) => Drifted(
        series, drift, PredictionDrift, $"feature=~{OfOutputs}",
        "The answers of model {{ $labels.namespace }}/{{ $labels.model }}, {{ $labels.feature }}, are not those that version {{ $labels.version }} gave in training.");

    private static Rule Drifted(ModelSeries series, DriftSpec drift, string name, string features, string summary) => Alert.Of(
        name,
        Alert.Warning,
        $"{series.Select(Index, features)} > {PromQl.Number(drift.Threshold)}",
        GoDuration.Parse(drift.For),
        Keep,
        summary,
        $"The population stability index over {drift.Window} is {{{{ printf \"%.2f\" $value }}}}, more than {PromQl.Number(drift.Threshold)}.");
}
