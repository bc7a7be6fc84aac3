using Slipway.ModelServer.Drift;

namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// The rows of one version in a <see cref="WindowRing"/>, whose lock it belongs to. The counters go on for as long as the version is there;
/// a minute's counts are the difference between its end and its start.
/// </summary>
internal sealed class WindowRows
{
    private readonly ICounters[] _rows;
    private readonly long[] _atStart;
    private readonly long[] _counted;
    private readonly IReadOnlyList<DriftFeature>? _features;

    public WindowRows(int owner, string version, DateTimeOffset since, IReadOnlyList<DriftFeature>? features, ICounters[] rows)
    {
        Owner = owner;
        Version = version;
        Since = since;
        _features = features;
        _rows = rows;
        _atStart = new long[rows.Sum(row => row.Count)];
        _counted = new long[_atStart.Length];
    }

    /// <summary>Names the rows among all that there ever were.</summary>
    public int Owner { get; }

    public string Version { get; }

    public DateTimeOffset Since { get; }

    /// <summary>Of all rows together.</summary>
    public int Cells => _atStart.Length;

    /// <summary>What was counted since the running minute's start, row after row; valid until the next call.</summary>
    public ReadOnlySpan<long> Count()
    {
        var cell = 0;
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Count; i++, cell++)
            {
                _counted[cell] = row.Read(i) - _atStart[cell];
            }
        }

        return _counted;
    }

    /// <summary>As <see cref="Count"/>, and begins the next minute.</summary>
    public ReadOnlySpan<long> Close()
    {
        var counted = Count();
        for (var cell = 0; cell < counted.Length; cell++)
        {
            _atStart[cell] += counted[cell];
        }

        return counted;
    }

    /// <summary>Cuts sums over all cells into the rows.</summary>
    public VersionCounts Cut(long[] sums)
    {
        var cut = new ArraySegment<long>[_rows.Length];
        var start = 0;
        for (var row = 0; row < cut.Length; row++)
        {
            cut[row] = new(sums, start, _rows[row].Count);
            start += _rows[row].Count;
        }

        return new(Version, Since, _features, cut);
    }
}
