using System.Numerics;
using System.Runtime.Intrinsics;

namespace Slipway.ModelServer.Drift;

/// <summary>
/// Finds the bins of many numbers at a time, each one's with edges of its own, to the same as <see cref="NumericBins.BinOf"/> does: all numbers
/// of a vector are compared with their first floors, then with their second ones, and so on.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
internal sealed class BinMatrix<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Group[] _groups;

    public BinMatrix(IEnumerable<(int FirstCell, NumericBins Bins)> columns) =>
        _groups = [.. columns.Chunk(Vector256<T>.Count).Select(chunk => new Group(chunk))];

    /// <summary>Numbers that it takes: those of the columns, and any to fill up the last vector.</summary>
    public int Width => _groups.Length * Vector256<T>.Count;

    /// <summary>Puts in the place of each number the cell of its bin.</summary>
    public void Place(Span<T> numbers)
    {
        foreach (var group in _groups)
        {
            group.Place(numbers);
            numbers = numbers[Vector256<T>.Count..];
        }
    }

    private sealed class Group
    {
        private readonly Vector256<T> _lowCells;
        private readonly Vector256<T> _missingCells;
        private readonly Vector256<T>[] _floors;

        public Group((int FirstCell, NumericBins Bins)[] columns)
        {
            _lowCells = Vector(columns, column => T.CreateTruncating(column.FirstCell));
            _missingCells = Vector(columns, column => T.CreateTruncating(column.FirstCell + column.Bins.MissingBin));
            _floors =
            [
                .. Enumerable.Range(0, columns.Max(column => column.Bins.Floors.Count))
                    .Select(level => Vector(columns, column => level < column.Bins.Floors.Count ? RoundDown(column.Bins.Floors[level]) : T.PositiveInfinity)),
            ];
        }

        public void Place(Span<T> numbers)
        {
            var values = Vector256.Create<T>(numbers);
            var cells = _lowCells;
            foreach (var floors in _floors)
            {
                cells += Vector256.LessThan(floors, values) & Vector256<T>.One;
            }

            Vector256.ConditionalSelect(Vector256.Equals(values, values), cells, _missingCells).CopyTo(numbers);
        }

        private static Vector256<T> Vector((int FirstCell, NumericBins Bins)[] columns, Func<(int FirstCell, NumericBins Bins), T> element) =>
            Vector256.Create<T>([.. columns.Select(element), .. Enumerable.Repeat(T.Zero, Vector256<T>.Count - columns.Length)]);

        // What is greater than a number of more digits is greater than the next one below it that has as few as itself.
        private static T RoundDown(double floor)
        {
            var rounded = T.CreateTruncating(floor);
            return double.CreateTruncating(rounded) > floor ? T.BitDecrement(rounded) : rounded;
        }
    }
}
