using System.Globalization;

namespace Slipway.DevCluster.Nodes.Metrics;

/// <summary>What the kernel tells of one process in <c>/proc/PID/stat</c>.</summary>
/// <param name="Parent">The process that it belongs to.</param>
/// <param name="Processor">Time on processors, with that of children it has waited for.</param>
/// <param name="ResidentBytes">Memory that is in RAM.</param>
internal readonly record struct ProcStat(int Parent, TimeSpan Processor, long ResidentBytes)
{
    // Of the fields behind the name, which is the second of all.
    private const int ParentField = 1;
    private const int UserTimeField = 11;
    private const int LastTimeField = 14;
    private const int ResidentField = 21;

    /// <summary>The unit of times in /proc, whatever the kernel counts in.</summary>
    private const long TicksPerSecond = 100;

    /// <summary>Null for text of another form.</summary>
    public static ProcStat? Parse(string text)
    {
        // The name may hold blanks and brackets of its own.
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= ResidentField || !int.TryParse(fields[ParentField], NumberStyles.None, CultureInfo.InvariantCulture, out var parent))
        {
            return null;
        }

        var ticks = 0L;
        for (var field = UserTimeField; field <= LastTimeField; field++)
        {
            ticks += Number(fields[field]);
        }

        return new(parent, TimeSpan.FromTicks(ticks * (TimeSpan.TicksPerSecond / TicksPerSecond)), Number(fields[ResidentField]) * System.Environment.SystemPageSize);
    }

    private static long Number(string field) => long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
