using System.Globalization;
using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.DriftReports;

/// <summary>A report as a person reads it: a line a feature, and a sentence below.</summary>
internal static class DriftTable
{
    private const string None = "-";
    private const string Gap = "  ";

    // Words begin at the left, numbers end at the right.
    private const int WordColumns = 2;

    private static readonly string[] Header = ["feature", "kind", "rows", "missing", "PSI", "JS", "KS", "TV", "χ² p", "verdict"];

    public static string Of(DriftReport report)
    {
        List<string[]> rows = [Header, .. report.Features.Select(Row)];
        var widths = Enumerable.Range(0, Header.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var lines = rows.Select(row => string.Join(Gap, row.Select((cell, column) =>
            column == Header.Length - 1 ? cell : column < WordColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
        return $"{string.Join('\n', lines)}\n\n{Summary(report)}";
    }

    private static string[] Row(FeatureDrift feature) =>
    [
        feature.Name,
        feature.Kind == FeatureKind.Numeric ? "numeric" : "categorical",
        feature.Rows.ToString(CultureInfo.InvariantCulture),
        Figure(feature.MissingShare),
        Figure(feature.Psi),
        Figure(feature.JensenShannonDivergence),
        Figure(feature.KolmogorovSmirnov),
        Figure(feature.TotalVariation),
        feature.ChiSquarePValue < 0.001 ? "<0.001" : Figure(feature.ChiSquarePValue),
        Words(feature.Verdict),
    ];

    private static string Summary(DriftReport report)
    {
        var drifted = report.Features.Where(feature => feature.Verdict == DriftVerdict.Drifted).ToList();
        var silent = report.Features.Where(feature => !feature.IsJudged).ToList();
        var judged = report.Features.Count - silent.Count;
        FormattableString sentence = (judged, drifted.Count) switch
        {
            (0, _) => $"Nothing can be said of any of {report.Features.Count} features.",
            (_, 0) => $"None of {judged} features has a population stability index above {report.Threshold}.",
            _ => $"{drifted.Count} of {judged} features have a population stability index above {report.Threshold}: {Names(drifted)}.",
        };
        return sentence.ToString(CultureInfo.InvariantCulture) + (judged > 0 && silent.Count > 0 ? $" Nothing can be said of {Names(silent)}." : "");
    }

    private static string Names(IEnumerable<FeatureDrift> features) => string.Join(", ", features.Select(feature => feature.Name));

    private static string Figure(double? figure) => figure?.ToString("0.000", CultureInfo.InvariantCulture) ?? None;

    private static string Words(DriftVerdict verdict) => verdict switch
    {
        DriftVerdict.Stable => "stable",
        DriftVerdict.Moderate => "moderate",
        DriftVerdict.Drifted => "drifted",
        DriftVerdict.TooFewRows => "too few rows",
        DriftVerdict.WindowTooShort => "window too short",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "is no verdict"),
    };
}
