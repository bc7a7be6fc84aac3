using System.Globalization;
using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>Asks a server for its <c>/window</c>.</summary>
internal sealed class ServerWindowReader(HttpClient client, ILogger<ServerWindowReader> logger) : ManagementReader(client, logger)
{
    /// <summary>Longest time that one answer may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes of an answer that are read: a hundred features of a few versions take a tenth of it.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Null when the server did not give a readable answer in time.</summary>
    public Task<ServerWindow?> ReadAsync(string podIP, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => GetAsync<ServerWindow>(
        podIP,
        string.Create(CultureInfo.InvariantCulture, $"{ServerContract.WindowPath}?from={from.ToUnixTimeSeconds()}&to={to.ToUnixTimeSeconds()}"),
        IsWhole,
        cancellationToken);

    /// <summary>The serializer lets null pass as an element of a list, and lists that belong together be of different lengths.</summary>
    private static bool IsWhole(ServerWindow window) =>
        window.Versions.All(version => version is not null && version.Features.All(IsWhole) && (version.Feedback is null || IsWhole(version.Feedback)));

    private static bool IsWhole(FeatureWindow feature) =>
        feature is { Bins.Count: > 0 } && feature.Bins.Count == feature.Counts.Count && feature.Bins.Count == feature.Expected.Count
        && feature.Counts.All(count => count >= 0) && feature.Expected.All(ratio => ratio is >= 0 and <= 1) && feature.Bins.All(bin => bin is not null);

    private static bool IsWhole(FeedbackWindow told) =>
        told.Classes.All(name => name is not null) && told.Counts.Count == told.Classes.Count && told.Counts.All(row => row?.Count == told.Classes.Count);
}
