using System.Globalization;

namespace Slipway.DevCluster.Nodes.Metrics;

/// <summary>The processes of the machine at one moment.</summary>
internal sealed class ProcessTable(IReadOnlyDictionary<int, ProcStat> processes)
{
    private readonly ILookup<int, int> _children = processes.ToLookup(process => process.Value.Parent, process => process.Key);

    /// <summary>Reads /proc; a process that ends meanwhile is left out.</summary>
    public static ProcessTable Read()
    {
        var processes = new Dictionary<int, ProcStat>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(directory) is { } stat)
            {
                processes.Add(id, stat);
            }
        }

        return new(processes);
    }

    /// <summary>What the processes below <paramref name="root"/> used together; the root itself is not counted.</summary>
    public (TimeSpan Processor, long ResidentBytes) Below(int root)
    {
        var (processor, resident) = (TimeSpan.Zero, 0L);
        var open = new Stack<int>(_children[root]);
        while (open.TryPop(out var id))
        {
            processor += processes[id].Processor;
            resident += processes[id].ResidentBytes;
            foreach (var child in _children[id])
            {
                open.Push(child);
            }
        }

        return (processor, resident);
    }

    private static ProcStat? Stat(string directory)
    {
        try
        {
            return ProcStat.Parse(File.ReadAllText(Path.Combine(directory, "stat")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Ended between the look and the read, or nobody's business of ours.
            return null;
        }
    }
}
