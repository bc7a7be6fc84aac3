namespace Slipway.Runtime;

internal sealed class InformerSync(IEnumerable<IInformer> informers) : IInformerSync
{
    private readonly IInformer[] _informers = [.. informers];

    public bool HasSynced => Array.TrueForAll(_informers, informer => informer.State.HasSynced);

    public IReadOnlyList<InformerState> States => [.. _informers.Select(informer => informer.State)];

    public Task WaitForSyncAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_informers.Select(informer => informer.WaitForSyncAsync(cancellationToken)));
}
