using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>An API that comes or goes concerns every entity.</summary>
internal sealed class DiscoverySource<TEntity>(ApiDiscovery discovery, IObjectStore<TEntity> store) : IKeySource
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public IDisposable Attach(Action<ObjectKey> enqueue) => discovery.Subscribe(() =>
    {
        foreach (var entity in store.List())
        {
            enqueue(entity.Key());
        }
    });
}
