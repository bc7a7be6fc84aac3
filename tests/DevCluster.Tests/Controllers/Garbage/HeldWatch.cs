namespace Slipway.DevCluster.Tests.Controllers.Garbage;

/// <summary>Holds back the watches of one kind until they are released, as a slow connection would.</summary>
internal sealed class HeldWatch(string plural) : DelegatingHandler
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the first watch is held: the kind was listed before.</summary>
    public Task Asked => _asked.Task;

    public void Release() => _released.TrySetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.PathAndQuery.Contains($"/{plural}?watch=", StringComparison.Ordinal))
        {
            _asked.TrySetResult();
            await _released.Task.WaitAsync(cancellationToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
