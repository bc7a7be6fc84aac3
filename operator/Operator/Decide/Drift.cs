using System.Globalization;
using Slipway.Api;
using Slipway.Api.Monitoring;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Decide;

/// <summary>Whether live data has strayed from the baseline, by the pods' own counts.</summary>
/// <param name="IsDrifted">Null: nobody can tell.</param>
/// <param name="Worst">The feature that strays most among those that can be told of; null when there is none.</param>
internal sealed record Drift(bool? IsDrifted, Finding Finding, DriftScore? Worst, double Coverage)
{
    /// <summary>Features that a message names.</summary>
    private const int MostNamed = 5;

    private const string SeeWhatIsBetween = "see whether a NetworkPolicy keeps the operator from port 8082.";

    /// <summary>Null while drift is not watched, while there is no ready pod to tell, and while none was asked.</summary>
    public static Drift? Find(ModelDeployment model, FleetWindow? window)
    {
        if (model.Spec.Monitoring?.Drift is not { Enabled: true } spec || window is null or { IsAwaited: true })
        {
            return null;
        }

        var watched = window.Features.Where(feature => spec.Features.Count == 0 || spec.Features.Contains(feature.Name)).ToList();
        if (watched.Count == 0)
        {
            return Unknown(window, Nothing(spec, window));
        }

        var lacking = spec.Features.Except(window.Features.Select(feature => feature.Name)).ToList();
        var covered = GoDuration.Parse(spec.Window) * window.Coverage;
        var tooShort = watched.Where(feature => Season(feature) > covered).ToList();
        var scores = watched.Except(tooShort)
            .Where(feature => DriftScores.IsEnough(feature.Samples, feature.Bins, spec.MinSamples))
            .Select(feature => new DriftScore(feature.Name, feature.Score))
            .OrderByDescending(score => score.Value)
            .ToList();
        var above = scores.Where(score => score.Value > (double)spec.Threshold).ToList();
        if (above.Count > 0)
        {
            return new(true, new(Reasons.Drifted, Text($"{above.Count} of {scores.Count} features have a population stability index above {spec.Threshold} over {spec.Window}: {Named(above)}.{(lacking.Count > 0 ? $" {Lacks(lacking)}" : "")}")), above[0], window.Coverage);
        }

        return lacking.Count > 0 ? Unknown(window, new(Reasons.NoBaseline, Lacks(lacking)))
            : window.Answered < window.Asked ? Unknown(window, new(Reasons.PodsUnreachable, $"Not every ready pod told what it counted, and what the others told shows no drift: read the logs of the pods, and {SeeWhatIsBetween}"))
            : tooShort.Count > 0 ? Unknown(window, new(Reasons.WindowTooShort, $"{tooShort[0].Name} comes round every {tooShort[0].Seasonality}, and the pods cannot tell of as long: {WhatItTakes(spec, window, tooShort[0])}"))
            : scores.Count == 0 ? Unknown(window, new(Reasons.TooFewSamples, Text($"No feature has {spec.MinSamples} rows, and {DriftScores.LeastSamplesOfBin} for each of its bins, within {spec.Window} yet.")))
            : new(false, new(Reasons.NoDrift, Text($"None of {scores.Count} features has a population stability index above {spec.Threshold} over {spec.Window}; the largest is {Named(scores[..1])}.")), scores[0], window.Coverage);
    }

    private static Drift Unknown(FleetWindow window, Finding finding) => new(null, finding, null, window.Coverage);

    private static Finding Nothing(DriftSpec spec, FleetWindow window) =>
        window.Answered == 0 ? new(Reasons.PodsUnreachable, $"No ready pod told what it counted: {SeeWhatIsBetween}")
        : window.Features.Count == 0 ? new(Reasons.NoBaseline, "The version has no baseline.json: write it with slipway-server baseline, and upload a version with it.")
        : new(Reasons.NoBaseline, Lacks(spec.Features));

    private static string Lacks(IReadOnlyCollection<string> features) =>
        $"The version's baseline.json lacks features of spec.monitoring.drift.features: {Listed(features)}. Correct the names, or upload a version whose baseline has them.";

    private static string WhatItTakes(DriftSpec spec, FleetWindow window, FleetFeature feature) =>
        Season(feature) > GoDuration.Parse(spec.Window) ? "it takes a longer spec.monitoring.drift.window."
        : window.IsMemoryFull ? "their memory of past minutes is full, and more time will not help. Watch fewer features (slipway-server baseline --features), or go by the figure that Prometheus has."
        : "it takes until they have run for that long.";

    private static TimeSpan Season(FleetFeature feature) => feature.Seasonality is { } text && GoDuration.TryParse(text, out var season) ? season : TimeSpan.Zero;

    private static string Named(List<DriftScore> scores) =>
        Listed([.. scores.Select(score => Text($"{score.Feature} {score.Value:0.00}"))]);

    private static string Listed(IReadOnlyCollection<string> names) => string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? ", …" : "");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How far one feature has strayed, by its population stability index.</summary>
internal sealed record DriftScore(string Feature, double Value);
