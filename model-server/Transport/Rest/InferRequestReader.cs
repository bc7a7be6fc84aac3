using System.Globalization;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Reads the body of an infer request into a call. Fields may come in any order and unknown ones are passed over, as the protocol allows;
/// data that comes after its datatype and shape, as clients send it, is read in one pass.
/// </summary>
internal static class InferRequestReader
{
    /// <returns>Where the request's id stands in the body, with its quotes; empty when it has none.</returns>
    /// <exception cref="ServingException">The body is not a request that this model takes.</exception>
    public static Range Read(ReadOnlySpan<byte> body, InferCall call)
    {
        var cursor = new JsonCursor(body);
        Range id = default;
        bool hasInputs = false, hasOutputs = false, hasId = false;
        cursor.Take((byte)'{', "to begin the request");
        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                var field = TakeName(ref cursor);
                if (field.SequenceEqual("inputs"u8))
                {
                    RequireFirst(ref hasInputs, "inputs");
                    ReadInputs(ref cursor, body, call);
                }
                else if (field.SequenceEqual("outputs"u8))
                {
                    RequireFirst(ref hasOutputs, "outputs");
                    RequestedOutputs.Read(ref cursor, call);
                }
                else if (field.SequenceEqual("id"u8))
                {
                    RequireFirst(ref hasId, "id");
                    id = ReadId(ref cursor);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        if (cursor.Peek() != 0 || cursor.Rest.Length > 0)
        {
            throw cursor.Wrong("nothing more");
        }

        RequireAll(call, hasInputs);
        return id;
    }

    /// <summary>Passes a field's name and the colon behind it.</summary>
    public static ReadOnlySpan<byte> TakeName(ref JsonCursor cursor)
    {
        var name = cursor.TakeString("to begin a name");
        cursor.Take((byte)':', "after a name");
        return name;
    }

    // Parsers differ in which of two they believe; nobody means to send two.
    private static void RequireFirst(ref bool seen, string field)
    {
        if (seen)
        {
            throw ServingException.Invalid($"The request has '{field}' twice.");
        }

        seen = true;
    }

    private static Range ReadId(ref JsonCursor cursor)
    {
        if (cursor.Peek() == 'n')
        {
            cursor.SkipValue();
            return default;
        }

        if (cursor.Peek() != '"')
        {
            throw ServingException.Invalid("'id' must be a string.");
        }

        var start = cursor.Position;
        cursor.TakeString("to begin the id");
        return start..cursor.Position;
    }

    private static void ReadInputs(ref JsonCursor cursor, ReadOnlySpan<byte> body, InferCall call)
    {
        if (!cursor.TryTake((byte)'['))
        {
            throw ServingException.Invalid("'inputs' must be an array of tensors.");
        }

        if (cursor.TryTake((byte)']'))
        {
            return;
        }

        do
        {
            InputReader.Read(ref cursor, body, call);
        }
        while (cursor.TakeCommaOr((byte)']'));
    }

    private static void RequireAll(InferCall call, bool hasInputs)
    {
        var inputs = call.Session.Inputs;
        for (var i = 0; i < inputs.Count; i++)
        {
            if (!call.IsGiven(i))
            {
                throw ServingException.Invalid(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(hasInputs ? "'inputs' lacks" : "The request has no 'inputs'; it lacks")} {inputs[i]}; the model takes {inputs.Count} inputs."));
            }
        }
    }
}
