using System.Globalization;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Makes room for inputs, and no more in one request than its elements are limited to.</summary>
internal static class ElementLimit
{
    /// <inheritdoc cref="InputRoom.Prepare"/>
    public static TensorBuffer Prepare(
        InferCall call, int input, ReadOnlySpan<byte> datatype, ReadOnlySpan<long> shape, long mostElements, RequestLimits limits)
    {
        var left = limits.Elements - call.Elements;
        if (left < mostElements && Exceeds(shape, left))
        {
            throw new ServingException(ErrorCode.TooLarge, string.Create(
                CultureInfo.InvariantCulture,
                $"With input {call.Session.Inputs[input]} of shape {TensorSpec.Format(shape)} the request has more than {limits.Elements} elements, the most that this server takes; send fewer rows at a time."));
        }

        return InputRoom.Prepare(call, input, datatype, shape, mostElements);
    }

    /// <summary>Elements that so many bytes of JSON can hold: each takes a comma and one byte at least, a string its two quotes.</summary>
    public static long MostInJson(int bytes, Datatype datatype) => (bytes + 1L) / (datatype == Datatype.Bytes ? 3 : 2);

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
}
