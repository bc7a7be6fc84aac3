using System.Globalization;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Reads a body that is nothing but the elements of the model's only input, which the binary extension allows when their shape follows from
/// their number. All outputs are answered in the binary form.
/// </summary>
internal static class RawRequest
{
    /// <exception cref="ServingException">The model has several inputs or an open shape, or the bytes are not what it takes.</exception>
    public static AnswerForm Read(ReadOnlySpan<byte> body, InferCall call, RequestLimits limits)
    {
        if (call.Session.Inputs is not [var spec])
        {
            throw Refused($"the model takes {call.Session.Inputs.Count} inputs");
        }

        if (spec.Datatype == Datatype.Bytes)
        {
            ReadText(body, spec, call, limits);
        }
        else
        {
            Span<long> shape = stackalloc long[InputRoom.MostAxes];
            var rank = Deduce(body.Length, spec, shape);
            var target = InputRoom.Prepare(
                call, 0, spec.Datatype.Utf8Name(), shape[..rank], RawElements.MostIn(body.Length, spec.Datatype), limits);
            RawElements.Read(body, spec, target);
        }

        return new AnswerForm { Default = TensorForm.Binary };
    }

    // The whole body is the one element.
    private static void ReadText(ReadOnlySpan<byte> body, TensorSpec spec, InferCall call, RequestLimits limits)
    {
        long[] shape = [.. spec.Shape.Select(_ => 1L)];
        if (!spec.Admits(shape))
        {
            throw Refused($"input {spec} takes more than one element");
        }

        InputRoom.Prepare(call, 0, spec.Datatype.Utf8Name(), shape, mostElements: 1, limits).SetString(0, body);
    }

    // One axis follows from the number of bytes; where two are open, the first one is that of rows, of which there is one.
    private static int Deduce(int bytes, TensorSpec spec, Span<long> shape)
    {
        var rank = spec.Shape.Count;
        var open = spec.Shape.Count(axis => axis < 0);
        if (open > 2 || (open == 2 && spec.Shape[0] >= 0) || rank > shape.Length)
        {
            throw Refused($"input {spec} has more than one axis that its bytes would have to tell");
        }

        var fixedElements = 1L;
        var deduced = -1;
        for (var axis = 0; axis < rank; axis++)
        {
            shape[axis] = spec.Shape[axis] >= 0 ? spec.Shape[axis] : 1;
            fixedElements = Math.Min(fixedElements * shape[axis], int.MaxValue);
            deduced = spec.Shape[axis] < 0 ? axis : deduced;
        }

        var row = fixedElements * spec.Datatype.Size();
        if (deduced >= 0 && row > 0 && bytes % row == 0)
        {
            shape[deduced] = bytes / row;
        }

        return rank;
    }

    private static ServingException Refused(FormattableString why) => ServingException.Invalid(
        $"{BinaryHeader.Name} is 0, which sends the bytes of one tensor alone, but {why.ToString(CultureInfo.InvariantCulture)}; send the tensors behind a JSON that describes them.");
}
