using System.Text;
using System.Text.Json;

namespace Slipway.ModelServer.DataPlane;

/// <summary>The id that a client gave its request, for logs and traces.</summary>
internal static class RequestId
{
    /// <summary>Of a longer one the beginning is told, as it came.</summary>
    public const int MostBytes = 256;

    /// <param name="id">A JSON string with its quotes; empty for none.</param>
    public static string OfJson(ReadOnlySpan<byte> id)
    {
        if (id.Length - 2 > MostBytes)
        {
            return Of(id[1..]);
        }

        var reader = new Utf8JsonReader(id);
        return !id.IsEmpty && reader.Read() ? reader.GetString() ?? "" : "";
    }

    public static string Of(ReadOnlySpan<byte> utf8) =>
        utf8.Length <= MostBytes ? Encoding.UTF8.GetString(utf8) : $"{Encoding.UTF8.GetString(utf8[..MostBytes])}…";
}
