using System.Globalization;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads V1's <c>instances</c>: plain values for the model's only input, or objects with a value for each input under its name.</summary>
internal static class PredictRows
{
    /// <returns>How many there are.</returns>
    public static long Read(ref JsonCursor cursor, in RequestParts parts, InferCall call)
    {
        var ahead = cursor;
        if (!ahead.TryTake((byte)'[') || ahead.Peek() == ']')
        {
            throw ServingException.Invalid("'instances' must be an array with an entry for each row, one at least.");
        }

        if (PredictRequestReader.IsNamed(ahead, call))
        {
            return ReadObjects(ref cursor, parts, call);
        }

        PredictRequestReader.RequireOnlyInput(call, "each entry of 'instances' must be an object with the values under their names");
        PredictRequestReader.ReadTensor(ref cursor, parts, call, 0);
        return call.Input(0).Shape[0];
    }

    private static long ReadObjects(ref JsonCursor cursor, in RequestParts parts, InferCall call)
    {
        var ahead = cursor;
        var shapes = Measure(ref ahead, call, out var rows);
        for (var input = 0; input < shapes.Length; input++)
        {
            PredictRequestReader.Prepare(parts, call, input, [rows, .. shapes[input]!]);
        }

        cursor.Take((byte)'[', "to begin the rows");
        var row = 0;
        var seen = new int[shapes.Length];
        do
        {
            ReadRow(ref cursor, call, shapes, row++, seen);
        }
        while (cursor.TakeCommaOr((byte)']'));
        return rows;
    }

    // seen[input] is one more than the last row in which the input was given.
    private static void ReadRow(ref JsonCursor cursor, InferCall call, long[]?[] shapes, int row, int[] seen)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            throw Row(row, "is not an object, as the first one is");
        }

        var given = 0;
        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                var input = TensorNames.Find(ref cursor, "input", call.Session.Inputs);
                cursor.Take((byte)':', "after a name");
                if (seen[input] == row + 1)
                {
                    throw Row(row, $"has {call.Session.Inputs[input]} twice");
                }

                seen[input] = row + 1;
                given++;
                ReadValue(ref cursor, call, input, shapes[input]!, row);
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        if (given < shapes.Length)
        {
            throw Row(row, $"lacks {call.Session.Inputs[Array.FindIndex(seen, last => last != row + 1)]}");
        }
    }

    private static void ReadValue(ref JsonCursor cursor, InferCall call, int input, long[] shape, int row)
    {
        var target = call.Input(input);
        var count = (int)(target.Count / target.Shape[0]);
        TensorData.Read(ref cursor, new ElementRange(call.Session.Inputs[input], target, shape, row * count, count), TextForm.Marked);
    }

    // The first row tells the shapes.
    private static long[]?[] Measure(ref JsonCursor ahead, InferCall call, out long rows)
    {
        var shapes = new long[]?[call.Session.Inputs.Count];
        Span<long> axes = stackalloc long[InputRoom.MostAxes - 1];
        ahead.Take((byte)'[', "to begin the rows");
        ahead.Take((byte)'{', "to begin a row");
        if (!ahead.TryTake((byte)'}'))
        {
            do
            {
                var input = TensorNames.Find(ref ahead, "input", call.Session.Inputs);
                ahead.Take((byte)':', "after a name");
                shapes[input] = axes[..NestedShape.Measure(ref ahead, axes)].ToArray();
            }
            while (ahead.TakeCommaOr((byte)'}'));
        }

        var missing = Array.IndexOf(shapes, null);
        if (missing >= 0)
        {
            throw Row(0, $"lacks {call.Session.Inputs[missing]}");
        }

        for (rows = 1; ahead.TakeCommaOr((byte)']'); rows++)
        {
            ahead.SkipValue();
        }

        return shapes;
    }

    private static ServingException Row(int row, string what) =>
        ServingException.Invalid(string.Create(CultureInfo.InvariantCulture, $"Entry {row} of 'instances' {what}."));
}
