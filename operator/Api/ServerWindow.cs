using System.Collections.ObjectModel;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Slipway.Api;

/// <summary>
/// The body of <c>GET /window?from=…&amp;to=…</c> on the management port: what was counted in a stretch of time. Everything in it is a
/// count, so that answers of several servers are merged by adding.
/// </summary>
public sealed record ServerWindow
{
    public string Model { get; init; } = "";

    /// <summary>
    /// Start of the part of the asked window that the counts are of: whole minutes inside it, and the running one when the window reaches to
    /// now. Equal to <see cref="To"/> when none of it is covered.
    /// </summary>
    public DateTimeOffset From { get; init; }

    /// <summary>End of that part; no count is of this moment or later.</summary>
    public DateTimeOffset To { get; init; }

    /// <summary>How <see cref="VersionWindow.Latency"/> is counted: <see cref="LatencyBuckets.Scheme"/>.</summary>
    public string LatencyScheme { get; init; } = "";

    public IReadOnlyList<VersionWindow> Versions { get; init; } = [];
}

/// <summary>What one version counted. A request is of the minute in which it ended.</summary>
public sealed record VersionWindow
{
    /// <summary>Features of a version at most, inputs and outputs together.</summary>
    public const int MostFeatures = 100;

    /// <summary>Empty for requests that reached no version.</summary>
    public string Version { get; init; } = "";

    /// <summary>Counts are from here on; what an earlier load of the version counted is gone.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Requests by how they ended, every code of the metrics' label <c>code</c>.</summary>
    public IReadOnlyDictionary<string, long> Requests { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>
    /// Requests that took longer than the latency objective, or than the server's 1 s without one. Those that failed through the client are
    /// left out.
    /// </summary>
    public long Slow { get; init; }

    /// <summary>Requests by duration, however they ended, in <see cref="LatencyBuckets"/>; buckets that are left out at the end are 0.</summary>
    public IReadOnlyList<long> Latency { get; init; } = [];

    /// <summary>The same requests apart, by the metrics' label <c>protocol</c>.</summary>
    public IReadOnlyDictionary<string, ProtocolWindow> Protocols { get; init; } = ReadOnlyDictionary<string, ProtocolWindow>.Empty;

    /// <summary>What is watched of the version's inputs and outputs; empty while it is not loaded, and when it has no <c>baseline.json</c>.</summary>
    public IReadOnlyList<FeatureWindow> Features { get; init; } = [];

    /// <summary>What the version was told of its predictions, loaded or not; null when that was nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FeedbackWindow? Feedback { get; init; }
}

/// <summary>How often one feature of the rows of answered requests fell into which bin. The lists are in the order of the bins.</summary>
public sealed record FeatureWindow
{
    /// <summary>Bins of a feature at most.</summary>
    public const int MostBins = 24;

    /// <summary>As the metrics' label <c>feature</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>The share of the training rows in each bin.</summary>
    public IReadOnlyList<double> Expected { get; init; } = [];

    /// <summary>As the metrics' label <c>bin</c>.</summary>
    public IReadOnlyList<string> Bins { get; init; } = [];

    public IReadOnlyList<long> Counts { get; init; } = [];

    /// <summary>As in <c>baseline.json</c>: a Go-style duration; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Seasonality { get; init; }

    /// <summary>Adds up what several servers counted of one feature. Servers with the same bytes have the same bins; a count over others than the first one's is left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static FeatureWindow Sum(IEnumerable<FeatureWindow> parts)
    {
        var all = parts.ToList();
        var first = all[0];
        var alike = all.FindAll(part => part.Bins.SequenceEqual(first.Bins) && part.Expected.SequenceEqual(first.Expected));
        return first with { Counts = [.. first.Bins.Select((_, bin) => alike.Sum(part => part.Counts[bin]))] };
    }
}

/// <summary>What one version counted of one protocol.</summary>
public sealed record ProtocolWindow
{
    /// <summary>As in <see cref="VersionWindow"/>.</summary>
    public IReadOnlyDictionary<string, long> Requests { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    public long Slow { get; init; }
}

/// <summary>
/// The buckets that latency is counted in, log-linear: every doubling from 100 µs on is cut into ten of equal width. A duration in a bucket
/// with both bounds is known to 5 %: the bucket's middle is no farther from it.
/// </summary>
public static class LatencyBuckets
{
    /// <summary>Names these buckets in answers; counts of another scheme cannot be added to them.</summary>
    public const string Scheme = "log-linear-100us-60s-10";

    /// <summary>Bucket 0 holds what is under 100 µs, the last one what is longer than the bucket of 60 s.</summary>
    public const int Count = 194;

    private const int Steps = 10;
    private const long FirstStepTicks = 10 * TimeSpan.TicksPerMicrosecond;

    public static int Index(TimeSpan duration)
    {
        var steps = duration.Ticks / FirstStepTicks;
        if (steps < Steps)
        {
            return 0;
        }

        var doubling = BitOperations.Log2((ulong)(steps / Steps));
        return Math.Min(Count - 1, 1 + (doubling * Steps) + (int)(steps >> doubling) - Steps);
    }

    /// <summary>The shortest duration in a bucket; the next one's is this one's end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bucket.</exception>
    public static TimeSpan LowerBound(int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, Count);
        var (doubling, step) = Math.DivRem(bucket - 1, Steps);
        return bucket == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(((Steps + step) * FirstStepTicks) << doubling);
    }
}
