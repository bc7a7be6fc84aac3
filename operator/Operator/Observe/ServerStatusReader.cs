using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>Asks a server for its <c>/status</c>. Bounded in time and size; a server that does not answer is no error.</summary>
internal sealed class ServerStatusReader(HttpClient client, ILogger<ServerStatusReader> logger)
{
    /// <summary>Longest time that one answer may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Most bytes of an answer that are read.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Null when the server did not give a readable answer in time.</summary>
    public async Task<ServerStatus?> ReadAsync(string podIP, CancellationToken cancellationToken)
    {
        var host = podIP.Contains(':', StringComparison.Ordinal) ? $"[{podIP}]" : podIP;
        try
        {
            return await client.GetFromJsonAsync<ServerStatus>(
                new Uri($"http://{host}:{ServerContract.ManagementPort}{ServerContract.StatusPath}"), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is HttpRequestException or TaskCanceledException or JsonException)
        {
            Log.StatusUnreadable(logger, podIP, exception.Message);
            return null;
        }
    }
}
