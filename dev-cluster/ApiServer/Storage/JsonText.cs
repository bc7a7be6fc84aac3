using System.Text.Encodings.Web;
using System.Text.Json;

namespace Slipway.DevCluster.ApiServer.Storage;

internal static class JsonText
{
    /// <summary>How the server writes JSON: compact, with no escapes beyond what JSON needs.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
