using System.Buffers;
using System.Numerics;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>Writes the fields of a protocol-buffer message, and tells beforehand how long they are, since a message stands behind its length.</summary>
internal static class ProtoOut
{
    private const int LongestVarint = 10;

    public static int VarintSize(ulong value) => ((BitOperations.Log2(value | 1) * 9) + 73) / 64;

    /// <summary>Bytes of a length-delimited field, with tag and length, whose number is below 16.</summary>
    public static long FieldSize(long content) => 1 + VarintSize((ulong)content) + content;

    /// <summary>As <see cref="FieldSize"/>; nothing when there is no content, which is how the format leaves out an empty string or list.</summary>
    public static long OptionalSize(long content) => content == 0 ? 0 : FieldSize(content);

    public static void Varint(IBufferWriter<byte> writer, ulong value)
    {
        var room = writer.GetSpan(LongestVarint);
        writer.Advance(Varint(room, value));
    }

    /// <returns>Bytes written.</returns>
    public static int Varint(Span<byte> room, ulong value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            room[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[at++] = (byte)value;
        return at;
    }

    /// <summary>The start of a length-delimited field; its content follows.</summary>
    public static void Begin(IBufferWriter<byte> writer, int field, long content)
    {
        var room = writer.GetSpan(1 + LongestVarint);
        room[0] = (byte)((field << 3) | ProtoCursor.BytesType);
        writer.Advance(1 + Varint(room[1..], (ulong)content));
    }

    public static void Bytes(IBufferWriter<byte> writer, int field, ReadOnlySpan<byte> content)
    {
        Begin(writer, field, content.Length);
        writer.Write(content);
    }

    public static void OptionalBytes(IBufferWriter<byte> writer, int field, ReadOnlySpan<byte> content)
    {
        if (!content.IsEmpty)
        {
            Bytes(writer, field, content);
        }
    }
}
