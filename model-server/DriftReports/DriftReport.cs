using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.DriftReports;

/// <summary>How far a data set is from a baseline.</summary>
internal sealed record DriftReport
{
    public required string Baseline { get; init; }

    public required string Data { get; init; }

    public required long Rows { get; init; }

    public required double Threshold { get; init; }

    public required int MinSamples { get; init; }

    /// <summary>Whether any feature has.</summary>
    public bool Drifted => Features.Any(feature => feature.Verdict == DriftVerdict.Drifted);

    /// <summary>Those that stray most first, and behind them those of which nothing is said.</summary>
    public required IReadOnlyList<FeatureDrift> Features { get; init; }

    public static DriftReport Of(DriftPlan plan, long rows, DriftRequest request) => new()
    {
        Baseline = request.BaselineFile,
        Data = request.Data,
        Rows = rows,
        Threshold = request.Threshold,
        MinSamples = request.MinSamples,
        Features =
        [
            .. plan.Features
                .Select(feature => FeatureDrift.Of(feature, [.. Enumerable.Range(feature.FirstCell, feature.Bins.Count).Select(plan.Counters.Read)], request))
                .OrderByDescending(feature => feature.IsJudged)
                .ThenByDescending(feature => feature.Psi),
        ],
    };

    public string ToJson() => JsonSerializer.Serialize(this, DriftReportJson.Default.DriftReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(DriftReport))]
internal sealed partial class DriftReportJson : JsonSerializerContext;
