using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads <c>outputs</c> of a request: which of the model's outputs are to be answered, in which order. None named means all.</summary>
internal static class RequestedOutputs
{
    public static void Read(ref JsonCursor cursor, InferCall call)
    {
        if (cursor.TryTakeWord("null"u8))
        {
            return;
        }

        if (!cursor.TryTake((byte)'['))
        {
            throw ServingException.Invalid("'outputs' must be an array of objects, each with the name of an output.");
        }

        if (cursor.TryTake((byte)']'))
        {
            return;
        }

        var wanted = new List<int>();
        do
        {
            var index = ReadOne(ref cursor, call.Session);
            if (wanted.Contains(index))
            {
                throw ServingException.Invalid($"'outputs' names {call.Session.Outputs[index]} twice.");
            }

            wanted.Add(index);
        }
        while (cursor.TakeCommaOr((byte)']'));
        call.Want(wanted);
    }

    private static int ReadOne(ref JsonCursor cursor, ModelSession session)
    {
        var index = -1;
        if (!cursor.TryTake((byte)'{'))
        {
            throw ServingException.Invalid("'outputs' must be an array of objects, each with the name of an output.");
        }

        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                if (InferRequestReader.TakeName(ref cursor).SequenceEqual("name"u8))
                {
                    if (index >= 0)
                    {
                        throw ServingException.Invalid("An entry of 'outputs' has 'name' twice.");
                    }

                    index = TensorNames.Find(ref cursor, "output", session.Outputs);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        return index >= 0 ? index : throw ServingException.Invalid("An entry of 'outputs' has no 'name'.");
    }
}
