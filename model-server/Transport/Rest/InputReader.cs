using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads one tensor of <c>inputs</c>.</summary>
internal static class InputReader
{
    public static void Read(ref JsonCursor cursor, ReadOnlySpan<byte> body, InferCall call)
    {
        var input = -1;
        var dataAt = -1;
        var dataIsRead = false;
        var hasDatatype = false;
        ReadOnlySpan<byte> datatype = default;
        Span<long> axes = stackalloc long[InputRoom.MostAxes];
        var rank = -1;
        if (!cursor.TryTake((byte)'{'))
        {
            throw ServingException.Invalid("'inputs' must be an array of tensors, each an object with name, shape, datatype and data.");
        }

        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                var field = InferRequestReader.TakeName(ref cursor);
                if (field.SequenceEqual("name"u8))
                {
                    RequireFirst(input < 0, "name", input, call);
                    input = TensorNames.Find(ref cursor, "input", call.Session.Inputs);
                }
                else if (field.SequenceEqual("datatype"u8))
                {
                    RequireFirst(!hasDatatype, "datatype", input, call);
                    datatype = cursor.Peek() == '"' ? cursor.TakeString("to begin a datatype") : throw NotAString(input, call);
                    hasDatatype = true;
                }
                else if (field.SequenceEqual("shape"u8))
                {
                    RequireFirst(rank < 0, "shape", input, call);
                    rank = ReadShape(ref cursor, axes, input, call);
                }
                else if (field.SequenceEqual("data"u8))
                {
                    RequireFirst(dataAt < 0, "data", input, call);
                    dataAt = cursor.Position;
                    if (input >= 0 && hasDatatype && rank >= 0)
                    {
                        ReadData(ref cursor, input, datatype, axes[..rank], body.Length, call);
                        dataIsRead = true;
                    }
                    else
                    {
                        cursor.SkipValue();
                    }
                }
                else
                {
                    cursor.SkipValue();
                }
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        Require(input >= 0, "name", input, call);
        Require(hasDatatype, "datatype", input, call);
        Require(rank >= 0, "shape", input, call);
        Require(dataAt >= 0, "data", input, call);
        if (!dataIsRead)
        {
            var back = new JsonCursor(body, dataAt);
            ReadData(ref back, input, datatype, axes[..rank], body.Length, call);
        }
    }

    private static void ReadData(
        ref JsonCursor cursor, int input, ReadOnlySpan<byte> datatype, scoped ReadOnlySpan<long> shape, int bodyLength, InferCall call)
    {
        // An element takes a comma and one byte of the body at least, a string its two quotes.
        var spec = call.Session.Inputs[input];
        var most = (bodyLength + 1) / (spec.Datatype == Datatype.Bytes ? 3 : 2);
        TensorData.Read(ref cursor, spec, InputRoom.Prepare(call, input, datatype, shape, most));
    }

    private static int ReadShape(ref JsonCursor cursor, scoped Span<long> axes, int input, InferCall call)
    {
        if (!cursor.TryTake((byte)'['))
        {
            throw BadShape(input, call, "must be an array of lengths");
        }

        if (cursor.TryTake((byte)']'))
        {
            return 0;
        }

        var rank = 0;
        do
        {
            if (rank == InputRoom.MostAxes)
            {
                throw BadShape(input, call, $"has more than {InputRoom.MostAxes} axes");
            }

            cursor.SkipWhitespace();
            if (!IntegerParser<long>.TryParse(ref cursor, out axes[rank]) || axes[rank] < 0)
            {
                throw BadShape(input, call, "must hold whole numbers that are not negative: the lengths that are sent");
            }

            rank++;
        }
        while (cursor.TakeCommaOr((byte)']'));
        return rank;
    }

    private static void Require(bool holds, string field, int input, InferCall call)
    {
        if (!holds)
        {
            throw ServingException.Invalid($"Input {Name(input, call)} has no '{field}'.");
        }
    }

    private static void RequireFirst(bool holds, string field, int input, InferCall call)
    {
        if (!holds)
        {
            throw ServingException.Invalid($"Input {Name(input, call)} has '{field}' twice.");
        }
    }

    private static ServingException NotAString(int input, InferCall call) =>
        ServingException.Invalid($"Input {Name(input, call)}: 'datatype' must be a string such as \"FP32\".");

    private static ServingException BadShape(int input, InferCall call, string what) =>
        ServingException.Invalid($"Input {Name(input, call)}: 'shape' {what}.");

    private static string Name(int input, InferCall call) => input >= 0 ? call.Session.Inputs[input].ToString() : "without a name";
}
