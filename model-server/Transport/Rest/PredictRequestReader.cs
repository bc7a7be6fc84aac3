using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Reads the body of V1's <c>:predict</c> into a call: <c>instances</c> row by row, or <c>inputs</c> tensor by tensor. Neither says a shape or
/// a datatype: shapes follow from the nesting, datatypes from the model. Unknown fields are passed over.
/// </summary>
internal static class PredictRequestReader
{
    /// <exception cref="ServingException">The body is not a request that this model takes.</exception>
    public static AnswerForm Read(RequestParts parts, InferCall call)
    {
        var cursor = new JsonCursor(parts.Json, deepest: parts.Limits.JsonDepth);
        var form = default(AnswerForm);
        cursor.Take((byte)'{', "to begin the request");
        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                var field = InferRequestReader.TakeName(ref cursor);
                if (field.SequenceEqual("instances"u8))
                {
                    RequireFirst(form);
                    form.Predict = PredictForm.Rows;
                    form.Rows = PredictRows.Read(ref cursor, parts, call);
                }
                else if (field.SequenceEqual("inputs"u8))
                {
                    RequireFirst(form);
                    form.Predict = PredictForm.Columns;
                    ReadColumns(ref cursor, parts, call);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        InferRequestReader.RequireEnd(ref cursor);
        if (form.Predict is null)
        {
            throw ServingException.Invalid("The request has neither 'instances', one entry for each row, nor 'inputs', one entry for each tensor.");
        }

        InferRequestReader.RequireForms(call, form);
        return form;
    }

    /// <summary>Whether the value ahead is an object with tensors in it, not one element of BYTES.</summary>
    public static bool IsNamed(JsonCursor cursor, InferCall call)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            return false;
        }

        var isText = call.Session.Inputs is [{ Datatype: Datatype.Bytes } spec] && !spec.Utf8Name.SequenceEqual("b64"u8);
        return !(isText && cursor.Peek() == '"' && cursor.TakeString("to begin a name").SequenceEqual("b64"u8));
    }

    /// <summary>Reads one tensor whose shape its nesting tells.</summary>
    public static void ReadTensor(ref JsonCursor cursor, in RequestParts parts, InferCall call, int input)
    {
        Span<long> axes = stackalloc long[InputRoom.MostAxes];
        var ahead = cursor;
        var target = Prepare(parts, call, input, axes[..NestedShape.Measure(ref ahead, axes)]);
        TensorData.Read(ref cursor, new ElementRange(call.Session.Inputs[input], target), TextForm.Marked);
    }

    /// <summary>Makes room for an input whose datatype the client leaves to the model.</summary>
    public static TensorBuffer Prepare(in RequestParts parts, InferCall call, int input, ReadOnlySpan<long> shape) => InputRoom.Prepare(
        call, input, call.Session.Inputs[input].Datatype.Utf8Name(), shape, JsonElements.MostIn(parts.Json.Length, call.Session.Inputs[input].Datatype), parts.Limits);

    private static void RequireFirst(in AnswerForm form)
    {
        if (form.Predict is not null)
        {
            throw ServingException.Invalid("The request must have either 'instances' or 'inputs', and it once.");
        }
    }

    private static void ReadColumns(ref JsonCursor cursor, in RequestParts parts, InferCall call)
    {
        if (!IsNamed(cursor, call))
        {
            RequireOnlyInput(call, "'inputs' must be an object with the tensors under their names");
            ReadTensor(ref cursor, parts, call, 0);
            return;
        }

        cursor.Take((byte)'{', "to begin the tensors");
        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                var input = TensorNames.Find(ref cursor, "input", call.Session.Inputs);
                cursor.Take((byte)':', "after a name");
                ReadTensor(ref cursor, parts, call, input);
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        for (var i = 0; i < call.Session.Inputs.Count; i++)
        {
            if (!call.IsGiven(i))
            {
                throw ServingException.Invalid($"'inputs' lacks {call.Session.Inputs[i]}.");
            }
        }
    }

    /// <exception cref="ServingException">The model has several inputs, so that data without a name is nobody's.</exception>
    public static void RequireOnlyInput(InferCall call, string instead)
    {
        if (call.Session.Inputs.Count > 1)
        {
            throw ServingException.Invalid(
                $"The model takes {call.Session.Inputs.Count} inputs, so that {instead}: {string.Join(", ", call.Session.Inputs.Take(16).Select(spec => $"'{spec.Name}'"))}.");
        }
    }
}
