namespace Slipway.ModelServer.OnnxFiles;

/// <summary>Reads the fields of a serialized protocol-buffer message one after the other.</summary>
internal static class ProtoField
{
    /// <param name="rest">Starts at a field; moved behind it.</param>
    /// <param name="content">The bytes of a length-delimited field, empty for one of another kind.</param>
    /// <returns>False at the end, and where the bytes are no message.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> rest, out ulong number, out ReadOnlySpan<byte> content) =>
        TryRead(ref rest, out number, out content, out _);

    /// <param name="value">The number in a varint field, 0 for one of another kind.</param>
    /// <inheritdoc cref="TryRead(ref ReadOnlySpan{byte}, out ulong, out ReadOnlySpan{byte})"/>
    public static bool TryRead(ref ReadOnlySpan<byte> rest, out ulong number, out ReadOnlySpan<byte> content, out ulong value)
    {
        content = default;
        value = 0;
        number = 0;
        if (!TryVarint(ref rest, out var tag))
        {
            return false;
        }

        number = tag >> 3;
        switch (tag & 7)
        {
            case 0:
                return TryVarint(ref rest, out value);
            case 1:
                return TrySkip(ref rest, 8);
            case 2:
                if (!TryVarint(ref rest, out var length) || length > (ulong)rest.Length)
                {
                    return false;
                }

                content = rest[..(int)length];
                return TrySkip(ref rest, (int)length);
            case 3 or 4:
                // The ends of a group, an old form of message: what is inside counts as if it stood beside.
                return true;
            case 5:
                return TrySkip(ref rest, 4);
            default:
                return false;
        }
    }

    /// <summary>Reads the next number of a packed field.</summary>
    public static bool TryVarint(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (var i = 0; i < 10 && i < rest.Length; i++)
        {
            value |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if ((rest[i] & 0x80) == 0)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < count)
        {
            return false;
        }

        rest = rest[count..];
        return true;
    }
}
