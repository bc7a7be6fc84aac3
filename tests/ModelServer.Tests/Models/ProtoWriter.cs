using System.Text;

namespace Slipway.ModelServer.Tests.Models;

/// <summary>Writes the fields of a protocol-buffer message.</summary>
internal sealed class ProtoWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public ProtoWriter Number(int field, long value)
    {
        Varint((ulong)(field << 3));
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> content)
    {
        Varint((ulong)((field << 3) | 2));
        Varint((ulong)content.Length);
        _bytes.AddRange(content);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Varint((ulong)((field << 3) | 5));
        _bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoWriter Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.ToArray());

    public ProtoWriter Messages(int field, IEnumerable<ProtoWriter> messages)
    {
        foreach (var message in messages)
        {
            Message(field, message);
        }

        return this;
    }

    private void Varint(ulong value)
    {
        while (value > 0x7f)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)value);
    }
}
