using System.Globalization;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.DataPlane;

/// <summary>Makes room in a call for an input that a client announced, once its datatype and shape are what the model takes.</summary>
internal static class InputRoom
{
    /// <summary>Most axes of a tensor.</summary>
    public const int MostAxes = 32;

    /// <param name="mostElements">What the message that carries the elements can hold, so that a shape alone cannot make the server allocate.</param>
    /// <param name="limits">What all of the request's inputs together may hold, and the rows of each.</param>
    /// <exception cref="ServingException">The input was given before, is not what the model takes, or is more than may be sent at once.</exception>
    public static TensorBuffer Prepare(
        InferCall call, int input, ReadOnlySpan<byte> datatype, ReadOnlySpan<long> shape, long mostElements, RequestLimits limits)
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

        RequireWithin(limits, call, spec, shape, mostElements);
        var most = (int)Math.Min(mostElements, Array.MaxLength);
        return TryCount(shape, most, out var count)
            ? call.Prepare(input, shape, count)
            : throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Input {spec}: the given shape {TensorSpec.Format(shape)} takes more elements than the {most} that the message can hold."));
    }

    private static void RequireWithin(RequestLimits limits, InferCall call, TensorSpec spec, ReadOnlySpan<long> shape, long mostElements)
    {
        if (limits.Rows > 0 && spec.Shape is [-1, ..] && shape[0] > limits.Rows)
        {
            throw new ServingException(ErrorCode.TooLarge, string.Create(
                CultureInfo.InvariantCulture, $"Input {spec} of shape {TensorSpec.Format(shape)} has more than {limits.Rows} rows, the most that this server takes; send fewer at a time."));
        }

        var left = limits.Elements - call.Elements;
        if (left < mostElements && Exceeds(shape, left))
        {
            throw new ServingException(ErrorCode.TooLarge, string.Create(
                CultureInfo.InvariantCulture,
                $"With input {spec} of shape {TensorSpec.Format(shape)} the request has more than {limits.Elements} elements, the most that this server takes; send fewer rows at a time."));
        }
    }

    private static bool Exceeds(ReadOnlySpan<long> shape, long most)
    {
        var count = 1L;
        var exceeds = false;
        foreach (var axis in shape)
        {
            if (axis == 0)
            {
                return false;
            }

            exceeds |= count > most / axis;
            count = exceeds ? count : count * axis;
        }

        return exceeds || count > most;
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
