using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>Asks a server for its <c>/status</c>.</summary>
internal sealed class ServerStatusReader(HttpClient client, ILogger<ServerStatusReader> logger) : ManagementReader(client, logger)
{
    /// <summary>Longest time that one answer may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Most bytes of an answer that are read.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Null when the server did not give a readable answer in time.</summary>
    public Task<ServerStatus?> ReadAsync(string podIP, CancellationToken cancellationToken) =>
        GetAsync<ServerStatus>(podIP, ServerContract.StatusPath, IsWhole, cancellationToken);

    /// <summary>The serializer lets null pass as an element of a list.</summary>
    private static bool IsWhole(ServerStatus status) => status.Inputs.Concat(status.Outputs).All(tensor => tensor is not null);
}
