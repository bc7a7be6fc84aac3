using System.Globalization;

namespace Slipway.DevCluster.Nodes.Containers;

/// <summary>The logs of one container: of the run that is, or was last, and of the one before.</summary>
internal sealed class ContainerLogs
{
    private readonly Lock _gate = new();

    public LogFile? Current { get; private set; }

    public LogFile? Previous { get; private set; }

    /// <summary>Starts the log of a run; what is older than the run before it is deleted.</summary>
    public LogFile Open(string directory, int run, long maxBytes, TimeProvider clock)
    {
        lock (_gate)
        {
            if (Previous is { } old)
            {
                File.Delete(old.Path);
                File.Delete(old.Older);
            }

            Previous = Current;
            return Current = new(Path.Combine(directory, $"{run.ToString(CultureInfo.InvariantCulture)}.log"), maxBytes, clock);
        }
    }
}
