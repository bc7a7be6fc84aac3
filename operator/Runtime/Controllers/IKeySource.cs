namespace Slipway.Runtime;

/// <summary>Something whose changes concern entities: the entity's own kind, what it owns, what it watches, what its controller was told.</summary>
public interface IKeySource
{
    /// <summary>Calls <paramref name="enqueue"/> with the key of every entity that a change concerns, from now on.</summary>
    IDisposable Attach(Action<ObjectKey> enqueue);
}
