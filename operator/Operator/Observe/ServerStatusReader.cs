using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>
/// Asks a server for its <c>/status</c>. Bounded in time and size. The image may be anybody's, so that a server that does not answer, or
/// answers something else, is no error.
/// </summary>
internal sealed class ServerStatusReader(HttpClient client, ILogger<ServerStatusReader> logger)
{
    /// <summary>Longest time that one answer may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Most bytes of an answer that are read.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>What the contract says is never null is never null.</summary>
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>A pod answers for itself: no proxy stands between, and it cannot send the operator elsewhere.</summary>
    public static SocketsHttpHandler Handler() => new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };

    /// <summary>Null when the server did not give a readable answer in time.</summary>
    public async Task<ServerStatus?> ReadAsync(string podIP, CancellationToken cancellationToken)
    {
        var host = podIP.Contains(':', StringComparison.Ordinal) ? $"[{podIP}]" : podIP;
        try
        {
            var status = await client.GetFromJsonAsync<ServerStatus>(
                new Uri($"http://{host}:{ServerContract.ManagementPort}{ServerContract.StatusPath}"), Strict, cancellationToken);
            // The serializer lets null pass as an element of a list.
            return status is not null && status.Inputs.Concat(status.Outputs).All(tensor => tensor is not null) ? status : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StatusUnreadable(logger, podIP, exception.Message);
            return null;
        }
    }
}
