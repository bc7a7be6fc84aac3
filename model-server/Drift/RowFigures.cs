using System.Numerics.Tensors;

namespace Slipway.ModelServer.Drift;

/// <summary>
/// Figures of a whole row, not a number where there is none. They are calculated in double precision, a piece of the row at a time: rows that
/// were scaled to the length 1 differ in their last digits alone, and would fall into other bins than they did when the baseline was made.
/// </summary>
internal static class RowFigures
{
    private const int PieceLength = 512;

    public static double Norm<T, TElement>(ReadOnlySpan<T> row) where TElement : IElement<T> =>
        Math.Sqrt(Squares<T, TElement>(row, from: 0));

    /// <summary>Missing when the lengths differ, and for a row of zeros.</summary>
    public static double Cosine<T, TElement>(ReadOnlySpan<T> row, ReadOnlySpan<double> centroid) where TElement : IElement<T>
    {
        if (row.Length != centroid.Length || row.IsEmpty)
        {
            return double.NaN;
        }

        var squares = Squares<T, TElement>(row, from: 0) * TensorPrimitives.SumOfSquares(centroid);
        var product = 0.0;
        Span<double> room = stackalloc double[PieceLength];
        for (; !row.IsEmpty; row = Rest(row), centroid = Rest(centroid))
        {
            product += TensorPrimitives.Dot(Piece<T, TElement>(row, room), centroid[..Math.Min(centroid.Length, PieceLength)]);
        }

        // Rounding may pass 1.
        return Math.Clamp(product / Math.Sqrt(squares), -1, 1);
    }

    public static double Mean<T, TElement>(ReadOnlySpan<T> row) where TElement : IElement<T>
    {
        var (sum, count) = (0.0, row.Length);
        Span<double> room = stackalloc double[PieceLength];
        for (; !row.IsEmpty; row = Rest(row))
        {
            sum += TensorPrimitives.Sum(Piece<T, TElement>(row, room));
        }

        return sum / count;
    }

    /// <summary>Over all of them, as if they were not a sample.</summary>
    public static double Deviation<T, TElement>(ReadOnlySpan<T> row) where TElement : IElement<T> =>
        Math.Sqrt(Squares<T, TElement>(row, from: Mean<T, TElement>(row)) / row.Length);

    public static double Confidence<T, TElement>(ReadOnlySpan<T> row) where TElement : IElement<T> => Largest<T, TElement>(row).Value;

    /// <returns>The place of the largest, the first one among equals; −1 for a row that holds NaN, and for none.</returns>
    public static int TopClass<T, TElement>(ReadOnlySpan<T> row) where TElement : IElement<T> => Largest<T, TElement>(row).Place;

    /// <summary>One channel of an image of the axes channels, height and width; empty when it has no such channel.</summary>
    /// <param name="shape">Of the images together.</param>
    public static ReadOnlySpan<T> Channel<T>(ReadOnlySpan<T> row, ReadOnlySpan<long> shape, int channel)
    {
        if (shape.Length != 4 || channel >= shape[1])
        {
            return [];
        }

        var length = row.Length / (int)shape[1];
        return row.Slice(channel * length, length);
    }

    private static (int Place, double Value) Largest<T, TElement>(ReadOnlySpan<T> row) where TElement : IElement<T>
    {
        var (place, value, first) = (-1, double.NaN, 0);
        Span<double> room = stackalloc double[PieceLength];
        for (; !row.IsEmpty; row = Rest(row), first += PieceLength)
        {
            var piece = Piece<T, TElement>(row, room);
            var largest = TensorPrimitives.IndexOfMax(piece);
            if (double.IsNaN(piece[largest]))
            {
                return (-1, double.NaN);
            }

            if (place < 0 || piece[largest] > value)
            {
                (place, value) = (first + largest, piece[largest]);
            }
        }

        return (place, value);
    }

    private static double Squares<T, TElement>(ReadOnlySpan<T> row, double from) where TElement : IElement<T>
    {
        var sum = 0.0;
        Span<double> room = stackalloc double[PieceLength];
        for (; !row.IsEmpty; row = Rest(row))
        {
            var piece = Piece<T, TElement>(row, room);
            TensorPrimitives.Subtract(piece, from, piece);
            sum += TensorPrimitives.SumOfSquares<double>(piece);
        }

        return sum;
    }

    private static Span<double> Piece<T, TElement>(ReadOnlySpan<T> row, Span<double> room) where TElement : IElement<T>
    {
        var piece = room[..Math.Min(row.Length, room.Length)];
        TElement.Numbers(row[..piece.Length], piece);
        return piece;
    }

    private static ReadOnlySpan<T> Rest<T>(ReadOnlySpan<T> row) => row[Math.Min(row.Length, PieceLength)..];
}
