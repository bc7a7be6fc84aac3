using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>The one writer of owned objects.</summary>
public interface IObjectApplier
{
    /// <summary>
    /// Makes the children of <paramref name="owner"/> what <paramref name="desired"/> says, in its order, by server-side apply; sends nothing when
    /// nothing differs. Then deletes the owner's other children of every kind registered with <c>Owns</c>, unless a problem was found: what is
    /// no longer wanted stays until all that is wanted is in place. A problem with a kind that stands alone keeps only children of that kind.
    /// <para>Each desired object states apiVersion, kind, name and namespace, and only the fields that it means to own. The controller
    /// ownerReference is added where it is missing. The objects are not changed. For an owner that is being deleted nothing is done.</para>
    /// </summary>
    /// <exception cref="InvalidOperationException">A desired object is half-built, there twice, or of a kind that the owner's controller does not own.</exception>
    /// <exception cref="ConflictException">A child changed meanwhile; the reconcile is to be repeated.</exception>
    Task<ApplyResult> ApplyAsync<TOwner>(
        TOwner owner, IReadOnlyList<IKubernetesObject<V1ObjectMeta>> desired, CancellationToken cancellationToken)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Gives the field at <paramref name="path"/> of a child to the field manager <paramref name="manager"/>, with the value that it has now, so that it
    /// keeps that value when <see cref="ApplyAsync"/> no longer states it. Does nothing for a child that is not there, is not the owner's, or lacks the field.
    /// </summary>
    /// <exception cref="ConflictException">The child changed meanwhile; the reconcile is to be repeated.</exception>
    Task HandOverAsync<TOwner, TChild>(
        TOwner owner, ObjectKey child, IReadOnlyList<string> path, string manager, CancellationToken cancellationToken)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
        where TChild : class, IKubernetesObject<V1ObjectMeta>;
}
