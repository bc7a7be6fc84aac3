using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>
/// Asks a server for its <c>/window</c>. Bounded in time and size. As with <see cref="ServerStatusReader"/>, one that does not answer, or
/// answers something else, is no error.
/// </summary>
internal sealed class ServerWindowReader(HttpClient client, ILogger<ServerWindowReader> logger)
{
    /// <summary>Longest time that one answer may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes of an answer that are read: a hundred features of a few versions take a tenth of it.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Null when the server did not give a readable answer in time.</summary>
    public async Task<ServerWindow?> ReadAsync(string podIP, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var host = podIP.Contains(':', StringComparison.Ordinal) ? $"[{podIP}]" : podIP;
        var query = string.Create(CultureInfo.InvariantCulture, $"?from={from.ToUnixTimeSeconds()}&to={to.ToUnixTimeSeconds()}");
        try
        {
            var window = await client.GetFromJsonAsync<ServerWindow>(
                new Uri($"http://{host}:{ServerContract.ManagementPort}{ServerContract.WindowPath}{query}"), Strict, cancellationToken);
            return window is not null && IsWhole(window) ? window : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.WindowUnreadable(logger, podIP, exception.Message);
            return null;
        }
    }

    /// <summary>The serializer lets null pass as an element of a list, and lists that belong together be of different lengths.</summary>
    private static bool IsWhole(ServerWindow window) => window.Versions.All(version => version is not null && version.Features.All(IsWhole));

    private static bool IsWhole(FeatureWindow feature) =>
        feature is { Bins.Count: > 0 } && feature.Bins.Count == feature.Counts.Count && feature.Bins.Count == feature.Expected.Count
        && feature.Counts.All(count => count >= 0) && feature.Expected.All(ratio => ratio is >= 0 and <= 1) && feature.Bins.All(bin => bin is not null);
}
