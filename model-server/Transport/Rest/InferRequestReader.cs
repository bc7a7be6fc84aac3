using System.Globalization;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Reads the body of an infer request into a call. Fields may come in any order and unknown ones are passed over, as the protocol allows;
/// data that comes after its datatype and shape, as clients send it, is read in one pass.
/// </summary>
internal static class InferRequestReader
{
    /// <exception cref="ServingException">The body is not a request that this model takes.</exception>
    public static AnswerForm Read(RequestParts parts, InferCall call)
    {
        var cursor = new JsonCursor(parts.Json, deepest: parts.Limits.JsonDepth);
        var form = default(AnswerForm);
        bool hasInputs = false, hasOutputs = false, hasId = false, hasParameters = false;
        cursor.Take((byte)'{', "to begin the request");
        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                var field = TakeName(ref cursor);
                if (field.SequenceEqual("inputs"u8))
                {
                    RequireFirst(ref hasInputs, "inputs");
                    ReadInputs(ref cursor, ref parts, call);
                }
                else if (field.SequenceEqual("outputs"u8))
                {
                    RequireFirst(ref hasOutputs, "outputs");
                    form.Outputs = RequestedOutputs.Read(ref cursor, call, parts.Limits.Tensors);
                }
                else if (field.SequenceEqual("id"u8))
                {
                    RequireFirst(ref hasId, "id");
                    form.Id = ReadId(ref cursor);
                }
                else if (field.SequenceEqual("parameters"u8))
                {
                    RequireFirst(ref hasParameters, "parameters");
                    ReadParameters(ref cursor, ref form);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        RequireEnd(ref cursor);
        parts.RequireNothingLeft();
        RequireAll(call, hasInputs);
        RequireForms(call, form);
        return form;
    }

    /// <summary>Where the id stands in a request that was refused, with its quotes; empty when it has none that can be found.</summary>
    public static Range FindId(ReadOnlySpan<byte> body, int? jsonBytes, RequestLimits limits)
    {
        try
        {
            var cursor = new JsonCursor(RequestParts.Cut(body, jsonBytes, limits).Json, deepest: limits.JsonDepth);
            cursor.Take((byte)'{', "to begin the request");
            do
            {
                if (TakeName(ref cursor).SequenceEqual("id"u8))
                {
                    return ReadId(ref cursor);
                }

                cursor.SkipValue();
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }
        catch (ServingException)
        {
            // Why it was refused is told already.
        }

        return default;
    }

    /// <summary>Passes a field's name and the colon behind it.</summary>
    public static ReadOnlySpan<byte> TakeName(scoped ref JsonCursor cursor)
    {
        var name = cursor.TakeString("to begin a name");
        cursor.Take((byte)':', "after a name");
        return name;
    }

    public static void RequireEnd(ref JsonCursor cursor)
    {
        if (cursor.Peek() != 0 || cursor.Rest.Length > 0)
        {
            throw cursor.Wrong("nothing more");
        }
    }

    /// <summary>Refuses outputs that could not be answered as they are wanted, before they cost a run.</summary>
    public static void RequireForms(InferCall call, in AnswerForm form)
    {
        for (var i = 0; i < call.Outputs.Count; i++)
        {
            var spec = call.Session.Outputs[call.Outputs[i]];
            if (spec.Datatype is Datatype.FP16 or Datatype.BF16 && form.Of(i) != TensorForm.Binary)
            {
                throw ServingException.Invalid(
                    $"Output {spec} cannot be answered as JSON: {spec.Datatype.Name()} has no JSON form; ask for it in the binary form, with the parameter 'binary_data' of the output or 'binary_data_output' of the request, or ask for other outputs.");
            }
        }
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
        if (cursor.TryTakeWord("null"u8))
        {
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

    private static void ReadParameters(ref JsonCursor cursor, ref AnswerForm form)
    {
        var parameters = new Parameters("request", spec: null);
        while (parameters.Next(ref cursor, out var name))
        {
            if (name.SequenceEqual("binary_data_output"u8))
            {
                form.Default = parameters.TakeBool(ref cursor) == true ? TensorForm.Binary : TensorForm.Unsaid;
            }
            else if (name.SequenceEqual("timeout"u8))
            {
                // Longer than any server waits is as good as none.
                form.Timeout = TimeSpan.FromMicroseconds(Math.Min(parameters.TakeCount(ref cursor) ?? 0, int.MaxValue * 1000L));
            }
            else
            {
                parameters.Skip(ref cursor);
            }
        }
    }

    private static void ReadInputs(ref JsonCursor cursor, ref RequestParts parts, InferCall call)
    {
        if (!cursor.TryTake((byte)'['))
        {
            throw ServingException.Invalid("'inputs' must be an array of tensors.");
        }

        if (cursor.TryTake((byte)']'))
        {
            return;
        }

        var count = 0;
        do
        {
            if (++count > parts.Limits.Tensors)
            {
                throw ServingException.Invalid(string.Create(
                    CultureInfo.InvariantCulture, $"'inputs' has more than {parts.Limits.Tensors} entries, the most that this server takes."));
            }

            InputReader.Read(ref cursor, ref parts, call);
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
