using System.Globalization;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Reads <c>outputs</c> of a request: which of the model's outputs are to be answered, in which order and in which form. None named means all.
/// </summary>
internal static class RequestedOutputs
{
    /// <returns>The form of each output that is wanted, in their order; null when none said anything.</returns>
    public static TensorForm[]? Read(ref JsonCursor cursor, InferCall call, int most)
    {
        if (cursor.TryTakeWord("null"u8))
        {
            return null;
        }

        if (!cursor.TryTake((byte)'['))
        {
            throw NotObjects();
        }

        if (cursor.TryTake((byte)']'))
        {
            return null;
        }

        var wanted = new List<int>();
        var forms = new List<TensorForm>();
        do
        {
            var index = ReadOne(ref cursor, call.Session, out var form);
            if (wanted.Contains(index))
            {
                throw ServingException.Invalid($"'outputs' names {call.Session.Outputs[index]} twice.");
            }

            if (wanted.Count == most)
            {
                throw ServingException.Invalid(string.Create(
                    CultureInfo.InvariantCulture, $"'outputs' has more than {most} entries, the most that this server takes."));
            }

            wanted.Add(index);
            forms.Add(form);
        }
        while (cursor.TakeCommaOr((byte)']'));
        call.Want(wanted);
        return forms.TrueForAll(form => form == TensorForm.Unsaid) ? null : [.. forms];
    }

    private static int ReadOne(ref JsonCursor cursor, ModelSession session, out TensorForm form)
    {
        var index = -1;
        bool? binary = null;
        var base64 = false;
        if (!cursor.TryTake((byte)'{'))
        {
            throw NotObjects();
        }

        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                var field = InferRequestReader.TakeName(ref cursor);
                if (field.SequenceEqual("name"u8))
                {
                    if (index >= 0)
                    {
                        throw ServingException.Invalid("An entry of 'outputs' has 'name' twice.");
                    }

                    index = TensorNames.Find(ref cursor, "output", session.Outputs);
                }
                else if (field.SequenceEqual("parameters"u8))
                {
                    ReadParameters(ref cursor, index >= 0 ? session.Outputs[index] : null, out binary, out base64);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        if (index < 0)
        {
            throw ServingException.Invalid("An entry of 'outputs' has no 'name'.");
        }

        if (base64 && session.Outputs[index].Datatype != Datatype.Bytes)
        {
            throw ServingException.Invalid($"Output {session.Outputs[index]}: 'content_type' base64 is for BYTES only.");
        }

        form = binary == true ? TensorForm.Binary : base64 ? TensorForm.Base64 : binary == false ? TensorForm.Json : TensorForm.Unsaid;
        return index;
    }

    private static void ReadParameters(ref JsonCursor cursor, TensorSpec? spec, out bool? binary, out bool base64)
    {
        binary = null;
        base64 = false;
        var parameters = new Parameters("output", spec);
        while (parameters.Next(ref cursor, out var name))
        {
            if (name.SequenceEqual("binary_data"u8))
            {
                binary = parameters.TakeBool(ref cursor);
            }
            else if (name.SequenceEqual("content_type"u8))
            {
                base64 = parameters.TakeText(ref cursor).SequenceEqual("base64"u8);
            }
            else
            {
                parameters.Skip(ref cursor);
            }
        }
    }

    private static ServingException NotObjects() =>
        ServingException.Invalid("'outputs' must be an array of objects, each with the name of an output.");
}
