using System.Globalization;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Reads an object <c>parameters</c>: names with a string, a number or a bool each. <c>null</c> says nothing, as if the name were not
/// there. Names that the server does not know are passed over.
/// </summary>
/// <param name="side">Whose parameters they are: "request", "input", "output".</param>
/// <param name="spec">The tensor whose they are, as far as it is known.</param>
internal ref struct Parameters(string side, TensorSpec? spec)
{
    private bool _begun;
    private ReadOnlySpan<byte> _name;

    /// <summary>Moves to the next parameter.</summary>
    /// <returns>False when there are no more of them.</returns>
    public bool Next(scoped ref JsonCursor cursor, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!_begun)
        {
            _begun = true;
            if (cursor.TryTakeWord("null"u8))
            {
                return false;
            }

            if (!cursor.TryTake((byte)'{'))
            {
                throw ServingException.Invalid($"'parameters' of {Owner} must be an object.");
            }

            if (cursor.TryTake((byte)'}'))
            {
                return false;
            }
        }
        else if (!cursor.TakeCommaOr((byte)'}'))
        {
            return false;
        }

        name = _name = InferRequestReader.TakeName(ref cursor);
        return true;
    }

    /// <returns>Null for <c>null</c>.</returns>
    public readonly bool? TakeBool(ref JsonCursor cursor)
    {
        if (cursor.TryTakeWord("null"u8))
        {
            return null;
        }

        var isTrue = cursor.TryTakeWord("true"u8);
        return isTrue || cursor.TryTakeWord("false"u8) ? isTrue : throw Wrong("true or false");
    }

    /// <summary>A whole number that is not negative.</summary>
    /// <inheritdoc cref="TakeBool"/>
    public readonly long? TakeCount(ref JsonCursor cursor)
    {
        if (cursor.TryTakeWord("null"u8))
        {
            return null;
        }

        return IntegerParser<long>.TryParse(ref cursor, out var value) && value >= 0
            ? value
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {long.MaxValue}"));
    }

    /// <returns>Empty for <c>null</c>.</returns>
    public readonly ReadOnlySpan<byte> TakeText(ref JsonCursor cursor)
    {
        if (cursor.TryTakeWord("null"u8))
        {
            return [];
        }

        return cursor.Peek() == '"' ? cursor.TakeString("to begin a parameter") : throw Wrong("a string");
    }

    /// <summary>Passes over a value that means nothing here.</summary>
    public readonly void Skip(ref JsonCursor cursor)
    {
        if (cursor.Peek() is (byte)'{' or (byte)'[')
        {
            throw Wrong("a string, a number, true or false");
        }

        cursor.SkipValue();
    }

    private readonly string Owner => spec is null ? $"the {side}" : $"{side} {spec}";

    private readonly ServingException Wrong(string expected) => ServingException.Invalid($"Parameter {Quote.Of(_name)} of {Owner} must be {expected}.");
}
