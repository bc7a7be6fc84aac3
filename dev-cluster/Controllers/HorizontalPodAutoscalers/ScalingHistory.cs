namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>So many pods, at a time: a recommendation, or a change of the number.</summary>
internal readonly record struct TimedCount(int Pods, DateTimeOffset Time);

/// <summary>What an autoscaler remembers; each list in order of time. A controller that starts anew begins with nothing.</summary>
internal sealed record ScalingHistory
{
    /// <summary>Longest stretch of time that a policy or a stabilization window can ask for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>What the figures asked for, before any rule.</summary>
    public IReadOnlyList<TimedCount> Recommendations { get; init; } = [];

    /// <summary>Pods added.</summary>
    public IReadOnlyList<TimedCount> Additions { get; init; } = [];

    /// <summary>Pods taken away.</summary>
    public IReadOnlyList<TimedCount> Removals { get; init; } = [];

    /// <summary>Begins with the number that there is, so that a new autoscaler does not take pods away at once.</summary>
    public static ScalingHistory Begin(int current, DateTimeOffset now) => new() { Recommendations = [new(current, now)] };

    public ScalingHistory Recommended(int pods, DateTimeOffset now) => this with { Recommendations = Add(Recommendations, new(pods, now)) };

    public ScalingHistory Scaled(int from, int to, DateTimeOffset now) => to > from
        ? this with { Additions = Add(Additions, new(to - from, now)) }
        : this with { Removals = Add(Removals, new(from - to, now)) };

    /// <summary>The number of pods at the start of a stretch of time that ends now.</summary>
    public int PodsBefore(TimeSpan period, int current, DateTimeOffset now) => current - Sum(Additions, now - period) + Sum(Removals, now - period);

    private static int Sum(IReadOnlyList<TimedCount> changes, DateTimeOffset after) => changes.Where(change => change.Time > after).Sum(change => change.Pods);

    private static List<TimedCount> Add(IReadOnlyList<TimedCount> known, TimedCount next) => [.. known.Where(old => old.Time > next.Time - Longest), next];
}
