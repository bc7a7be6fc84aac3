namespace Slipway.DevCluster.Nodes.Containers;

/// <summary>Waits before restarts: none, then base, then double each time up to the cap. A run of <paramref name="reset"/> starts over.</summary>
internal sealed class CrashBackoff(TimeSpan @base, TimeSpan cap, TimeSpan reset)
{
    private TimeSpan _next;

    public TimeSpan Next(TimeSpan ran)
    {
        var wait = ran >= reset ? TimeSpan.Zero : _next;
        _next = wait == TimeSpan.Zero ? @base : TimeSpan.FromTicks(Math.Min(cap.Ticks, wait.Ticks * 2));
        return wait;
    }
}
