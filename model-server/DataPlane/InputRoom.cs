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

        return call.Prepare(input, shape, Count(spec, shape, Math.Min(mostElements, Array.MaxLength)));
    }

    private static int Count(TensorSpec spec, ReadOnlySpan<long> shape, long most)
    {
        long count = 1;
        foreach (var axis in shape)
        {
            count = axis == 0 ? 0 : count > most / axis ? most + 1 : count * axis;
        }

        return count <= most ? (int)count : throw ServingException.Invalid(string.Create(
            CultureInfo.InvariantCulture,
            $"Input {spec}: the given shape {TensorSpec.Format(shape)} takes more elements than the {most} that the message can hold."));
    }
}
