using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>One kind of child of one type of owner: its cache, and the form in which objects of it are compared.</summary>
internal abstract class OwnedKind
{
    public abstract Type OwnerType { get; }

    public abstract ResourceKind Kind { get; }

    /// <summary>The API server may lack the kind.</summary>
    public bool Optional { get; init; }

    /// <summary>False while the cache has not found the kind, and shows nothing of what was written.</summary>
    public abstract bool Installed { get; }

    /// <summary>A child of this kind never takes the place of one of another kind.</summary>
    public bool StandsAlone { get; init; }

    /// <summary>Null when the cache does not hold the object.</summary>
    public abstract ObjectVersion? Cached(ObjectKey key);

    /// <summary>Empty when the cache does not hold the object.</summary>
    public abstract string CachedVersion(ObjectKey key);

    /// <summary>Children in the cache that <paramref name="owner"/> controls.</summary>
    public abstract IReadOnlyList<IKubernetesObject<V1ObjectMeta>> ControlledBy(IKubernetesObject<V1ObjectMeta> owner);

    /// <summary>An answer of the API server as the cache would show it, so that the two can be compared.</summary>
    public abstract ObjectVersion AsCached(JsonElement answer);
}

internal sealed class OwnedKind<TOwner, TChild>(Informer<TChild> informer) : OwnedKind
    where TChild : class, IKubernetesObject<V1ObjectMeta>
{
    public override Type OwnerType => typeof(TOwner);

    public override ResourceKind Kind => informer.Kind;

    public override bool Installed => informer.Installed;

    public override ObjectVersion? Cached(ObjectKey key) => informer.Store.Get(key) is { } child ? ObjectVersion.Of(child) : null;

    public override string CachedVersion(ObjectKey key) => informer.Store.Get(key)?.Metadata.ResourceVersion ?? "";

    public override IReadOnlyList<IKubernetesObject<V1ObjectMeta>> ControlledBy(IKubernetesObject<V1ObjectMeta> owner) =>
        [.. informer.Store.OwnedBy(owner.Metadata.Uid).Where(child => ControllerOwner.Controls(owner, child))];

    public override ObjectVersion AsCached(JsonElement answer) => new(ObjectDecoder<TChild>.VersionOf(answer), () => TreeOf(answer));

    private JsonObject TreeOf(JsonElement answer)
    {
        var child = KubernetesJson.Deserialize<TChild>(answer);
        child.ApiVersion = Kind.ApiVersion;
        child.Kind = Kind.Kind;
        child.Metadata.ManagedFields = null;
        return ObjectJson.Of(child);
    }
}
