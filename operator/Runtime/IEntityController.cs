using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>
/// Brings the cluster to what the entity asks for. Level-based: it learns which entity, never what happened, and running it twice
/// changes nothing. <c>entity</c> is the cache's copy, read when its key is taken from the queue, or what the status writer made of it when
/// the cache does not show that yet; treat it as read-only.
/// A throw brings the key back with exponential backoff; <see cref="TerminalException"/> waits for the entity's next change.
/// </summary>
public interface IEntityController<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    Task<Result> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>The entity is gone. What it owned is collected by Kubernetes; this is for what the controller keeps about it itself.</summary>
    Task DeletedAsync(ObjectKey key, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>What to do next with a key whose reconcile did not throw.</summary>
public readonly record struct Result(TimeSpan? RequeueAfter)
{
    /// <summary>Nothing until the entity, or something that it owns or watches, changes.</summary>
    public static Result Done => default;

    public static Result After(TimeSpan delay) => new(delay);
}

/// <summary>Retrying cannot help: the user has to change something.</summary>
public sealed class TerminalException(string message, Exception? inner = null) : Exception(message, inner);
