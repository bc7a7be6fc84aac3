using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Batching;

/// <summary>Which calls may run together: those whose tensors differ in their number of rows alone, and which want the same outputs.</summary>
internal static class BatchKey
{
    /// <returns>Rows of the call; 0 when it has none or its tensors differ in their rows, so that it can only run alone.</returns>
    public static long Rows(InferCall call)
    {
        var rows = -1L;
        for (var i = 0; i < call.Session.GraphInputs.Count; i++)
        {
            var shape = call.GraphInput(i).Shape;
            if (shape.IsEmpty || (rows >= 0 && shape[0] != rows))
            {
                return 0;
            }

            rows = shape[0];
        }

        return Math.Max(0, rows);
    }

    public static bool Match(InferCall one, InferCall other)
    {
        for (var i = 0; i < one.Session.GraphInputs.Count; i++)
        {
            if (!one.GraphInput(i).Shape[1..].SequenceEqual(other.GraphInput(i).Shape[1..]))
            {
                return false;
            }
        }

        return one.Outputs.SequenceEqual(other.Outputs);
    }
}
