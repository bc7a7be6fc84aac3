using System.Globalization;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>A request's body as it is read: its JSON, what is left of the binary data behind it, and the limits that it is held to.</summary>
internal ref struct RequestParts(ReadOnlySpan<byte> json, ReadOnlySpan<byte> binary, RequestLimits limits)
{
    private ReadOnlySpan<byte> _binary = binary;

    public ReadOnlySpan<byte> Json { get; } = json;

    public readonly RequestLimits Limits => limits;

    /// <summary>Cuts a body after its JSON.</summary>
    /// <param name="jsonBytes">What the header says; null when it is absent and all of the body is JSON.</param>
    public static RequestParts Cut(ReadOnlySpan<byte> body, int? jsonBytes, RequestLimits limits)
    {
        if (jsonBytes is not { } length)
        {
            return new(body, [], limits);
        }

        return length <= body.Length ? new(body[..length], body[length..], limits) : throw ServingException.Invalid(string.Create(
            CultureInfo.InvariantCulture,
            $"{BinaryHeader.Name} says that the JSON has {length} bytes, the whole body has {body.Length}."));
    }

    /// <summary>The next tensor's binary data.</summary>
    public ReadOnlySpan<byte> TakeBinary(long size, TensorSpec spec)
    {
        if (size > _binary.Length)
        {
            throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Input {spec}: 'binary_data_size' is {size}, and the body has {_binary.Length} bytes left behind its JSON; send {BinaryHeader.Name} with the length of the JSON, and the tensors behind it in the order of 'inputs'."));
        }

        var taken = _binary[..(int)size];
        _binary = _binary[(int)size..];
        return taken;
    }

    public readonly void RequireNothingLeft()
    {
        if (!_binary.IsEmpty)
        {
            throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture, $"{_binary.Length} bytes of binary data are left that no input's 'binary_data_size' asks for."));
        }
    }
}
