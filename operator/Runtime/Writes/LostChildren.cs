namespace Slipway.Runtime;

/// <summary>A child that we wrote, and that went before the cache showed it, concerns its owner, though no event tells of it.</summary>
/// <param name="owner">The kind of the entities.</param>
internal sealed class LostChildren(ResourceKind owner, OwnWrites writes) : IKeySource
{
    public IDisposable Attach(Action<ObjectKey> enqueue) => writes.SubscribeToLost(lost =>
    {
        foreach (var key in ControllerOwner.KeyOf(owner, lost.Tree))
        {
            enqueue(key);
        }
    });
}
