namespace Slipway.ModelServer.Baselines.Data;

/// <summary>A stretch of a file that grows until it holds a whole row.</summary>
/// <param name="read">Reads what comes next into the room that it is given; 0 at the end.</param>
internal sealed class RowBuffer<T>(Func<Memory<T>, CancellationToken, ValueTask<int>> read)
{
    private const int First = 64 << 10;

    /// <summary>What is read and not yet used lies from <see cref="Start"/> on and before <see cref="End"/>.</summary>
    public T[] Items { get; private set; } = new T[First];

    public int Start { get; set; }

    public int End { get; private set; }

    /// <summary>Nothing comes behind <see cref="End"/>.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Reads more. What is not yet used moves to the front.</summary>
    /// <param name="tooLong">The fault of a row that does not end within the bound.</param>
    /// <exception cref="BadDataException">The row is too long.</exception>
    public async ValueTask FillAsync(Func<string> tooLong, CancellationToken cancellationToken)
    {
        if (Start > 0)
        {
            Items.AsSpan(Start, End - Start).CopyTo(Items);
            (Start, End) = (0, End - Start);
        }

        if (End == Items.Length)
        {
            if (Items.Length >= RowReader.LongestRow)
            {
                throw new BadDataException(tooLong());
            }

            var larger = Items;
            Array.Resize(ref larger, 2 * larger.Length);
            Items = larger;
        }

        var count = await read(Items.AsMemory(End), cancellationToken);
        End += count;
        IsEnded = count == 0;
    }
}
