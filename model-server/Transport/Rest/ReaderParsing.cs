#if READER_PARSING
using System.Text.Json;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads numbers with the framework's JSON reader. Only in the build that <c>bench server</c> compares with, never in an image.</summary>
internal static class ReaderParsing
{
    public static int ScanSingle(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        var end = text.IndexOfAny((byte)',', (byte)']', (byte)' ');
        var reader = new Utf8JsonReader(end < 0 ? text : text[..end]);
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out value) ? (int)reader.BytesConsumed : 0;
    }
}
#endif
