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

/// <param name="Since">Where the version's counts begin.</param>
internal sealed record VersionCounts(string Version, DateTimeOffset Since, IReadOnlyList<ArraySegment<long>> Rows)
{
    public ReadOnlySpan<long> Row(WindowRow row) => Rows[(int)row];
}
