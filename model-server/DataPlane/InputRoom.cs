using System.Globalization;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.DataPlane;

/// <summary>Makes room in a call for an input that a client announced, once its datatype and shape are what the model takes.</summary>
internal static class InputRoom
{
    /// <summary>Most axes of a tensor.</summary>
    public const int MostAxes = 32;

    /// <param name="mostElements">What the message that carries the elements can hold, so that a shape alone cannot make the server allocate.</param>
    /// <exception cref="ServingException">The input was given before, or is not what the model takes.</exception>
    public static TensorBuffer Prepare(
        InferCall call, int input, ReadOnlySpan<byte> datatype, ReadOnlySpan<long> shape, long mostElements)
    {
        var spec = call.Session.Inputs[input];
        if (call.IsGiven(input))
        {
            throw ServingException.Invalid($"'inputs' has {spec} twice.");
        }

        if (!datatype.SequenceEqual(spec.Datatype.Utf8Name()))
        {
            throw ServingException.Invalid($"Input {spec} must have datatype {spec.Datatype.Name()}, got {Quote.Of(datatype)}.");
        }

        if (!spec.Admits(shape))
        {
            throw ServingException.Invalid(
                $"Input {spec} must have shape {TensorSpec.Format([.. spec.Shape])}, where -1 takes any length, got {TensorSpec.Format(shape)}.");
        }

        var most = (int)Math.Min(mostElements, Array.MaxLength);
        return TryCount(shape, most, out var count)
            ? call.Prepare(input, shape, count)
            : throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Input {spec}: the given shape {TensorSpec.Format(shape)} takes more elements than the {most} that the message can hold."));
    }

    /// <returns>False for more than <paramref name="most"/> elements, and for lengths beside a 0 whose product ONNX Runtime cannot hold.</returns>
    private static bool TryCount(ReadOnlySpan<long> shape, int most, out int count)
    {
        var isEmpty = shape.Contains(0);
        long limit = isEmpty ? int.MaxValue : most;
        long product = 1;
        foreach (var axis in shape)
        {
            if (axis > limit || (product *= Math.Max(1, axis)) > limit)
            {
                count = 0;
                return false;
            }
        }

        count = isEmpty ? 0 : (int)product;
        return true;
    }
}
