using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.ApiServer.Http;

namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>What kubectl and helm asked of the server since it was last asked for, in the order in which it was answered.</summary>
internal sealed class ObservedRequests : IDisposable
{
    private static readonly string[] Clients = ["kubectl", "Helm"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private readonly ApiServerHost _server;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private List<SessionRequest> _requests = [];

    public ObservedRequests(ApiServerHost server)
    {
        _server = server;
        server.RequestObserved += Add;
    }

    /// <summary>Waits until <paramref name="count"/> requests were answered, for at most 15 seconds; false when there are fewer then.</summary>
    public async Task<bool> ReachAsync(int count, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            while (Count < count)
            {
                await _arrived.WaitAsync(limit.Token);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public IReadOnlyList<SessionRequest> Take()
    {
        lock (_lock)
        {
            List<SessionRequest> taken = _requests;
            _requests = [];
            return taken;
        }
    }

    public void Dispose()
    {
        _server.RequestObserved -= Add;
        _arrived.Dispose();
    }

    private int Count
    {
        get
        {
            lock (_lock)
            {
                return _requests.Count;
            }
        }
    }

    private void Add(ObservedRequest request)
    {
        if (!Clients.Any(client => request.UserAgent.StartsWith(client, StringComparison.Ordinal)))
        {
            return;
        }

        lock (_lock)
        {
            _requests.Add(SessionRequest.Of(request.Verb, request.Path, request.Code));
        }

        _arrived.Release();
    }
}
