using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>A child as it is sent: whole, checked, with its owner and the hash of itself.</summary>
internal sealed record DesiredChild(OwnedKind Kind, ObjectKey Key, JsonObject Json, string Hash)
{
    public ObjectId Id => new(Kind.Kind.Resource, Key);

    public string Path => Kind.Kind.ObjectPath(Key);

    public ChildOutcome Problem(ApplyProblemKind kind, string message) => new(Written: false, new(kind, Kind.Kind.Kind, Key, message), null);

    public override string ToString() => $"{Kind.Kind.Kind} {Key}";

    /// <exception cref="InvalidOperationException">The object is half-built, or of a kind that the owner's controller does not own.</exception>
    public static DesiredChild From<TOwner>(
        TOwner owner, IKubernetesObject<V1ObjectMeta> desired, IEnumerable<OwnedKind> kinds, string hashAnnotation)
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
    {
        var (name, problem) = Describe(owner, desired);
        if (problem is not null)
        {
            throw new InvalidOperationException($"A desired child of {typeof(TOwner).Name} {owner.Key()} ({name}) {problem}.");
        }

        var kind = kinds.FirstOrDefault(known => known.Kind.Kind == desired.Kind && known.Kind.ApiVersion == desired.ApiVersion)
            ?? throw new InvalidOperationException(
                $"The controller of {typeof(TOwner).Name} does not own {desired.ApiVersion} {desired.Kind}: add .Owns<{desired.GetType().Name}>() where it is registered, else the object would be written and never pruned.");

        var json = ObjectJson.Of(desired);
        var metadata = json["metadata"]!.AsObject();
        json.Remove("status");
        foreach (var serverOwned in (string[])["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"])
        {
            metadata.Remove(serverOwned);
        }

        AddOwner(metadata, owner);
        var hash = CanonicalHash.Of(json);
        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        annotations[hashAnnotation] = hash;
        return new(kind, desired.Key(), json, hash);
    }

    private static (string Name, string? Problem) Describe(IKubernetesObject<V1ObjectMeta> owner, IKubernetesObject<V1ObjectMeta> desired)
    {
        var name = $"{desired.Kind ?? desired.GetType().Name} {desired.Metadata?.Name ?? "without name"}";
        var problem = (owner, desired) switch
        {
            { desired: { ApiVersion: null or "" } or { Kind: null or "" } } => "has no apiVersion or kind; set both",
            { desired.Metadata: null or { Name: null or "" } } => "has no metadata.name",
            { owner.Metadata.NamespaceProperty: { } home } when desired.Metadata.NamespaceProperty != home => $"must be in its owner's namespace \"{home}\", not \"{desired.Metadata.NamespaceProperty}\"",
            { owner: { ApiVersion: null or "" } or { Kind: null or "" } or { Metadata.Uid: null or "" } } => "has an owner without apiVersion, kind or uid; pass the entity that the controller was given",
            _ => null,
        };
        return (name, problem);
    }

    private static void AddOwner(JsonObject metadata, IKubernetesObject<V1ObjectMeta> owner)
    {
        if (metadata["ownerReferences"] is not JsonArray references)
        {
            metadata["ownerReferences"] = references = [];
        }

        if (!references.Any(reference => (string?)reference?["uid"] == owner.Metadata.Uid))
        {
            references.Add((JsonNode)new JsonObject
            {
                ["apiVersion"] = owner.ApiVersion,
                ["kind"] = owner.Kind,
                ["name"] = owner.Metadata.Name,
                ["uid"] = owner.Metadata.Uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            });
        }
    }
}
