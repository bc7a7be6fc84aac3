using Slipway.Api;

namespace Slipway.Operator.Decide;

/// <summary>
/// What status says of drift. The figures move with every request, and status is to rest: they are written anew with their condition, when the
/// score has moved by a step, when another feature is the one that drifted, and when much more or less of the window is seen; and then not again
/// for a while. Why nothing can be told has no figures, and is written whenever it changes.
/// </summary>
/// <param name="Status">Null while no feature can be told of.</param>
/// <param name="IsNews">Status has to be written for it.</param>
internal sealed record DriftReport(DriftStatus? Status, string Message, bool IsNews)
{
    private const double Step = 0.05;
    private const double CoverageStep = 0.25;

    /// <summary>What the schema allows: no answer of a pod can make status unwritable.</summary>
    private const double MaxScore = 100;
    private const int MaxFeature = 160;

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    public static DriftReport Of(ModelDeployment model, Drift found, DateTimeOffset now)
    {
        var drift = found with { Worst = Cut(found.Worst) };
        var condition = model.Status?.Conditions.FirstOrDefault(known => known.Type == ConditionTypes.Drifted);
        var old = model.Status?.Drift;
        var isSame = condition is not null && condition.Reason == drift.Finding.Reason.Name && condition.ObservedGeneration == model.Metadata.Generation && old is null == drift.Worst is null;
        if (isSame && (old is null ? condition!.Message == drift.Finding.Message : now - old.ObservedAt < Rest || !HasMoved(old, drift)))
        {
            return new(old, condition!.Message, IsNews: false);
        }

        return new(
            drift.Worst is null ? null : new()
            {
                Score = Math.Round((decimal)drift.Worst.Value, 3),
                Feature = drift.Worst.Feature,
                Coverage = Math.Round((decimal)drift.Coverage, 2),
                ObservedAt = new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc),
            },
            drift.Finding.Message,
            IsNews: true);
    }

    private static bool HasMoved(DriftStatus old, Drift drift) =>
        StepOf((double)old.Score) != StepOf(drift.Worst!.Value)
        || (drift.IsDrifted == true && old.Feature != drift.Worst.Feature)
        || Math.Abs((double)old.Coverage - drift.Coverage) >= CoverageStep;

    private static DriftScore? Cut(DriftScore? score) => score is null ? null
        : new(score.Feature.Length <= MaxFeature ? score.Feature : score.Feature[..MaxFeature], Math.Min(score.Value, MaxScore));

    private static double StepOf(double score) => Math.Round(score / Step);
}
