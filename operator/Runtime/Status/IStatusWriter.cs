using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>Writes the status of entities, and only of entities whose status changed.</summary>
public interface IStatusWriter
{
    /// <summary>
    /// Makes the status of <paramref name="cached"/>, the copy that the controller was given, equal to <paramref name="status"/>: sends a merge
    /// patch of what differs to the status subresource, or nothing. A field that <paramref name="status"/> leaves out is removed. An entity
    /// that is gone needs no status.
    /// </summary>
    /// <exception cref="ConflictException">The entity changed meanwhile; the reconcile is to be repeated.</exception>
    Task WriteAsync<TEntity>(TEntity cached, object status, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;
}
