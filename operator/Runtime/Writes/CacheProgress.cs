using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>Tells <see cref="OwnWrites"/> what the cache shows; enqueues nothing itself.</summary>
internal sealed class CacheProgress<T>(Informer<T> informer, OwnWrites writes) : IKeySource
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public IDisposable Attach(Action<ObjectKey> enqueue) => informer.Subscribe(
        change => writes.CacheMoved(new(informer.Kind.Resource, change.Object.Key()), change.New?.Metadata.ResourceVersion),
        (@namespace, version) => writes.CacheListed(informer.Kind.Resource, @namespace, version));
}
