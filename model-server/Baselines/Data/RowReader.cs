namespace Slipway.ModelServer.Baselines.Data;

/// <summary>Rows of a file, one after the other, from the first to the last.</summary>
internal abstract class RowReader : IAsyncDisposable
{
    /// <summary>Longest row in bytes or characters: what a quote that nobody closed could otherwise fill memory with.</summary>
    public const int LongestRow = 16 << 20;

    /// <summary>In the order of the file, no name twice.</summary>
    public abstract IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>One cell for each of <see cref="Columns"/>, once <see cref="ReadAsync"/> has returned true.</summary>
    public abstract ReadOnlySpan<Cell> Row { get; }

    /// <summary>Where the row stands, for messages: <c>line 3</c>.</summary>
    public abstract string Place { get; }

    /// <summary>How much of the file has been read, 0 to 1.</summary>
    public abstract double Share { get; }

    /// <returns>False behind the last row.</returns>
    /// <exception cref="BadDataException">The row cannot be read.</exception>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <exception cref="BadDataException">A column has no name, or that of another.</exception>
    protected static void RequireNames(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (name.Length == 0 || !seen.Add(name))
            {
                throw new BadDataException(name.Length == 0
                    ? $"column {seen.Count + 1} has no name; the first line must name every column"
                    : $"two columns are named {DataPlane.Quote.Of(name)}; every column needs a name of its own");
            }
        }
    }
}

/// <param name="Kind">What the first row has, or what the file says of the whole column.</param>
internal sealed record TableColumn(string Name, CellKind Kind);
