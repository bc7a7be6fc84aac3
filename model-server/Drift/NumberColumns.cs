using System.Numerics;
using System.Runtime.CompilerServices;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Drift;

/// <summary>Elements of a row as numbers: all that are watched of one tensor.</summary>
internal sealed class NumberColumns<T, TWide, TElement>(NumberColumn[] columns) : TensorWatch
    where T : unmanaged
    where TWide : unmanaged, IFloatingPointIeee754<TWide>
    where TElement : IElement<T, TWide>
{
    private readonly int[] _places = [.. columns.Select(column => column.Place)];
    private readonly BinMatrix<TWide> _bins = new(columns.Select(column => (column.FirstCell, column.Bins)));

    [SkipLocalsInit]
    public override void Observe(TokenCounts tokens, in OutputTensor tensor, ref BinTally tally)
    {
        var rows = RowsOf(tensor);
        var rest = tensor.Elements<T>();
        var width = rest.Length / Math.Max(1, rows);
        var places = _places;
        Span<TWide> numbers = stackalloc TWide[_bins.Width];
        numbers[places.Length..].Clear();
        for (; rows > 0; rows--, rest = rest[width..])
        {
            var row = rest[..width];
            for (var i = 0; i < places.Length; i++)
            {
                // Where the model leaves the length of a row open, this one may be too short.
                var place = places[i];
                numbers[i] = (uint)place < (uint)row.Length ? TElement.Widen(row[place]) : TWide.NaN;
            }

            _bins.Place(numbers);
            var cells = tally.Take(places.Length);
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = (ushort)int.CreateTruncating(numbers[i]);
            }
        }
    }
}

/// <param name="Place">In the row, from 0 on.</param>
/// <param name="FirstCell">Where the feature's bins begin among the version's counters.</param>
internal readonly record struct NumberColumn(int Place, int FirstCell, NumericBins Bins);
