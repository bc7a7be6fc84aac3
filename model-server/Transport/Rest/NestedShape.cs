using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Tells the shape of nested arrays from their first entries; whether the others agree is seen when they are read.</summary>
internal static class NestedShape
{
    /// <summary>Passes over a value.</summary>
    /// <param name="axes">Filled with the lengths, the outermost first.</param>
    /// <returns>How many there are; 0 for a value that is no array.</returns>
    public static int Measure(ref JsonCursor cursor, scoped Span<long> axes)
    {
        if (!cursor.TryTake((byte)'['))
        {
            cursor.SkipValue();
            return 0;
        }

        if (axes.IsEmpty)
        {
            throw ServingException.Invalid($"The data is nested deeper than the {InputRoom.MostAxes} axes that a tensor may have.");
        }

        axes[0] = 0;
        if (cursor.TryTake((byte)']'))
        {
            return 1;
        }

        var rank = 1 + Measure(ref cursor, axes[1..]);
        axes[0] = 1;
        while (cursor.TakeCommaOr((byte)']'))
        {
            cursor.SkipValue();
            axes[0]++;
        }

        return rank;
    }
}
