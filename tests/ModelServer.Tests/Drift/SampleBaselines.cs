using System.Text.Json;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Drift;

/// <summary>Baselines that are right by default.</summary>
internal static class SampleBaselines
{
    public static BaselineFeature Numeric(string tensor, params double[] edges) => WithRatios(new()
    {
        Name = tensor,
        Kind = FeatureKind.Numeric,
        Tensor = tensor,
        Edges = edges,
        Ratios = [],
    });

    public static BaselineFeature Words(string tensor, params string[] categories) => WithRatios(new()
    {
        Name = tensor,
        Kind = FeatureKind.Categorical,
        Tensor = tensor,
        Categories = categories,
        Ratios = [],
    });

    public static Baseline Of(IReadOnlyList<BaselineFeature> inputs, IReadOnlyList<BaselineFeature>? outputs = null) =>
        new() { Format = BaselineBounds.Format, Rows = 100, Inputs = inputs, Outputs = outputs ?? [] };

    public static ModelFolder WithBaseline(this ModelFolder folder, Baseline baseline, string version = "1") =>
        folder.With(version, BaselineFile.FileName, JsonSerializer.SerializeToUtf8Bytes(baseline, BaselineJson.Default.Baseline));

    /// <summary>What was observed, bin after bin.</summary>
    public static IEnumerable<long> Counts(this DriftPlan plan) => Enumerable.Range(0, plan.Counters.Count).Select(plan.Counters.Read);

    /// <summary>The bins of a feature that were met, and how often.</summary>
    public static string Seen(this DriftPlan plan, string feature)
    {
        var found = plan.Features.Single(each => each.Name == feature);
        return string.Join(' ', found.Bins.Labels
            .Select((label, bin) => (label, count: plan.Counters.Read(found.FirstCell + bin)))
            .Where(bin => bin.count > 0)
            .Select(bin => $"{bin.label}:{bin.count}"));
    }

    /// <summary>Observes a call as if it had been answered.</summary>
    public static DriftPlan Observe(this DriftPlan plan, ModelSession session, InferCall call)
    {
        using var result = new InferResult(call, new RunOutputs(session.Run(call, CancellationToken.None), users: 1));
        plan.Observe(result);
        return plan;
    }

    private static BaselineFeature WithRatios(BaselineFeature feature) => feature with { Ratios = [1, .. Enumerable.Repeat(0.0, feature.Bins().Count - 1)] };
}
