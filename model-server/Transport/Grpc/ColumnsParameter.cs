using System.Buffers;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>The parameter <c>columns</c> of an output: an entry of a map from its name to an InferParameter that holds a string.</summary>
internal static class ColumnsParameter
{
    private const int Key = 1;
    private const int Value = 2;
    private const int StringValue = 3;

    /// <summary>Bytes of the entry as a field; 0 without columns.</summary>
    public static long Size(ReadOnlySpan<byte> columns) => columns.IsEmpty ? 0 : ProtoOut.FieldSize(EntrySize(columns));

    /// <summary>Writes nothing without columns.</summary>
    public static void Write(IBufferWriter<byte> writer, int field, ReadOnlySpan<byte> columns)
    {
        if (columns.IsEmpty)
        {
            return;
        }

        ProtoOut.Begin(writer, field, EntrySize(columns));
        ProtoOut.Bytes(writer, Key, "columns"u8);
        ProtoOut.Begin(writer, Value, ProtoOut.FieldSize(columns.Length));
        ProtoOut.Bytes(writer, StringValue, columns);
    }

    private static long EntrySize(ReadOnlySpan<byte> columns) =>
        ProtoOut.FieldSize("columns"u8.Length) + ProtoOut.FieldSize(ProtoOut.FieldSize(columns.Length));
}
