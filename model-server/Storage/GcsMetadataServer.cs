using System.Net.Sockets;

namespace Slipway.ModelServer.Storage;

/// <summary>Whether this machine has Google's metadata server, which gives tokens to whatever runs there.</summary>
internal sealed class GcsMetadataServer(TimeProvider clock)
{
    private const string HostVariable = "GCE_METADATA_HOST";
    private const string Flavor = "Metadata-Flavor";

    // Where there is none, its address leads nowhere.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // A pod may start before the node's metadata server is up, so that "no" does not hold for ever.
    private static readonly TimeSpan NoHolds = TimeSpan.FromSeconds(30);

    private bool _isThere;
    private long? _saidNoAt;

    public async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        if (_isThere || (_saidNoAt is { } at && clock.GetElapsedTime(at) < NoHolds))
        {
            return _isThere;
        }

        _isThere = await ProbeAsync(cancellationToken);
        _saidNoAt = _isThere ? null : clock.GetTimestamp();
        return _isThere;
    }

    private async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        var host = Environment.GetEnvironmentVariable(HostVariable) is { Length: > 0 } named ? named : "169.254.169.254";
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}/");
        request.Headers.Add(Flavor, "Google");
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.Headers.TryGetValues(Flavor, out var flavor) && flavor.Contains("Google");
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
