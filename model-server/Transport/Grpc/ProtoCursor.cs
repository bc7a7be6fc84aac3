using System.Buffers.Binary;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>
/// Walks over the fields of a protocol-buffer message where it lies, without copying. A field is told by its tag, which holds number and wire
/// type, so that a field of another wire type is unknown and passed over, as the format wants it.
/// </summary>
internal ref struct ProtoCursor(ReadOnlySpan<byte> message)
{
    public const int VarintType = 0;
    public const int Fixed64Type = 1;
    public const int BytesType = 2;
    public const int Fixed32Type = 5;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>Bytes passed.</summary>
    public readonly int Position => _at;

    public readonly bool IsAtEnd => _at == _message.Length;

    /// <summary>What lies between here and <paramref name="later"/>, a cursor over the same message.</summary>
    public readonly ReadOnlySpan<byte> Until(ProtoCursor later) => _message[_at..later._at];

    /// <returns>False at the end of the message.</returns>
    /// <exception cref="ServingException">The bytes are no message.</exception>
    public bool TryTag(out uint tag)
    {
        if (IsAtEnd)
        {
            tag = 0;
            return false;
        }

        var read = Varint();
        tag = (uint)read;
        return read is >= 1 << 3 and <= uint.MaxValue ? true : throw Broken("has a field without a number");
    }

    public ulong Varint()
    {
        if (_at < _message.Length && _message[_at] < 0x80)
        {
            return _message[_at++];
        }

        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _message.Length)
            {
                throw Broken("ends inside a field");
            }

            var one = _message[_at++];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }

        throw Broken("has a number of more than ten bytes");
    }

    /// <summary>The content of a length-delimited field, where it lies.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Varint();
        if (length > (ulong)(_message.Length - _at))
        {
            throw Broken("ends inside a field");
        }

        return Take((int)length);
    }

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>Passes over the field whose tag was read last.</summary>
    public void Skip(uint tag)
    {
        switch (tag & 7)
        {
            case VarintType: Varint(); break;
            case Fixed64Type: Take(sizeof(ulong)); break;
            case BytesType: Bytes(); break;
            case Fixed32Type: Take(sizeof(uint)); break;
            default: throw Broken("has a group, which proto3 has no place for");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - _at)
        {
            throw Broken("ends inside a field");
        }

        var taken = _message.Slice(_at, count);
        _at += count;
        return taken;
    }

    private static ServingException Broken(string what) => ServingException.Invalid($"The request is no valid protocol-buffer message: it {what}.");
}
