using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.Telemetry;

/// <summary>The rows of a version in the <see cref="WindowRing"/>, in their order.</summary>
internal enum WindowRow
{
    /// <summary>By protocol, and by code within it.</summary>
    Requests,

    /// <summary>By protocol.</summary>
    Slow,

    /// <summary>By <see cref="Slipway.Api.LatencyBuckets"/>.</summary>
    Latency,
}

/// <summary>What was counted from one moment on and before another, which are the same when nothing of what was asked is known.</summary>
internal sealed record WindowCounts(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<VersionCounts> Versions);

/// <param name="Since">Where these counts of the version begin.</param>
/// <param name="Features">What the one row of a version that has a baseline counts, bin by bin; null for the rows that every version has.</param>
internal sealed record VersionCounts(
    string Version, DateTimeOffset Since, IReadOnlyList<DriftFeature>? Features, IReadOnlyList<ArraySegment<long>> Rows)
{
    public ReadOnlySpan<long> Row(WindowRow row) => Rows[(int)row];
}
