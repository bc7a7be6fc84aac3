using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>Maps every object that a change involves, old and new, to keys: an object that left its owner concerns the owner too.</summary>
internal sealed class KeySource<T>(Informer<T> informer, Func<T, IEnumerable<ObjectKey>> keys) : IKeySource
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public IDisposable Attach(Action<ObjectKey> enqueue) => informer.Subscribe(change =>
    {
        foreach (var key in KeysOf(change.Old).Union(KeysOf(change.New)))
        {
            enqueue(key);
        }
    });

    private IEnumerable<ObjectKey> KeysOf(T? entity) => entity is null ? [] : keys(entity);
}
