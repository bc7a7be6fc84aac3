using System.Buffers.Binary;

namespace Slipway.DevCluster.ApiServer.Protobuf;

/// <summary>Reads the protobuf wire format. Every method throws <see cref="FormatException"/> where the bytes end too early or make no sense.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxVarintBits = 64;
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public (int Number, WireType Type) ReadTag()
    {
        var tag = ReadVarint();
        var (number, type) = (tag >> 3, (WireType)(tag & 7));
        return number is > 0 and < 1 << 29 && Enum.IsDefined(type)
            ? ((int)number, type)
            : throw new FormatException($"proto: illegal tag {number} (wire type {(int)type})");
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < MaxVarintBits; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("proto: integer overflow");
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw TooShort();
    }

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>Steps over a value that nobody reads.</summary>
    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Bytes:
                ReadBytes();
                break;
            default:
                Take(type == WireType.Fixed64 ? sizeof(ulong) : sizeof(uint));
                break;
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw TooShort();
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static FormatException TooShort() => new("unexpected EOF");
}

/// <summary>How a field lies in the bytes; groups are not used by Kubernetes.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
