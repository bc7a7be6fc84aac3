using Slipway.Api;
using Slipway.Api.Monitoring;

namespace Slipway.Operator.Observe;

/// <summary>What the pods of one version counted together in a stretch of time.</summary>
/// <param name="Features">Made of the counts of all pods added up; empty when the version has no baseline.</param>
/// <param name="Coverage">The share of the stretch that a pod can tell of, the mean over the pods that were asked, 0 to 1. What pods that are gone counted is lost.</param>
/// <param name="Asked">Pods that were asked.</param>
/// <param name="Answered">Those of them that answered.</param>
/// <param name="IsMemoryFull">Some pod has counted for longer than its memory of past minutes holds, and that is less than the stretch.</param>
internal sealed record FleetWindow(IReadOnlyList<FleetFeature> Features, double Coverage, int Asked, int Answered, bool IsMemoryFull = false)
{
    /// <summary>Stands for the answers of pods that are still to be asked.</summary>
    public static FleetWindow Awaited { get; } = new([], Coverage: 0, Asked: 0, Answered: 0);

    public bool IsAwaited => ReferenceEquals(this, Awaited);
}

/// <summary>What of a feature's counts is judged. It is kept from look to look, for every model; the counts themselves are ten times as large.</summary>
/// <param name="Bins">How many it has.</param>
/// <param name="Score">The population stability index; 0 without samples.</param>
/// <param name="Seasonality">As the pods say.</param>
internal sealed record FleetFeature(string Name, int Bins, long Samples, double Score, string? Seasonality)
{
    public static FleetFeature Of(FeatureWindow counted)
    {
        var samples = counted.Counts.Sum();
        return new(counted.Name, counted.Bins.Count, samples, samples == 0 ? 0 : DriftScores.Psi([.. counted.Expected], [.. counted.Counts]), counted.Seasonality);
    }
}
