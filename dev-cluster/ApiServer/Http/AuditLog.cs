using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>
/// One request that was answered. <paramref name="Path"/> has the query with it; <paramref name="User"/> is empty when nobody knows the sender.
/// </summary>
internal sealed record ObservedRequest(DateTimeOffset Time, string UserAgent, string Verb, string Path, int Code, string User);

/// <summary>Writes every request as a line of JSON.</summary>
internal sealed class AuditLog(TextWriter writer) : IAsyncDisposable
{
    private readonly Lock _lock = new();

    /// <summary>Appends to a file, made if there is none.</summary>
    public static AuditLog Open(string path) => new(new StreamWriter(path, append: true) { AutoFlush = true });

    public void Write(ObservedRequest request)
    {
        var line = new JsonObject
        {
            ["time"] = Metadata.Time(request.Time),
            ["user"] = request.User,
            ["userAgent"] = request.UserAgent,
            ["verb"] = request.Verb,
            ["path"] = request.Path,
            ["code"] = request.Code,
        }.ToJsonString(JsonSerializerOptions.Default);
        lock (_lock)
        {
            writer.WriteLine(line);
        }
    }

    public async ValueTask DisposeAsync() => await writer.DisposeAsync();
}
