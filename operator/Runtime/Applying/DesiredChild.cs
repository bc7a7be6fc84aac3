using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>A child as it is sent: whole, checked, with its owner and the hash of itself.</summary>
internal sealed class DesiredChild
{
    private readonly Lazy<(JsonObject Json, string Hash)> _sent;

    private DesiredChild(OwnedKind kind, ObjectKey key, UInt128 print, Func<(JsonObject Json, string Hash)> sent)
    {
        (Kind, Key, Print) = (kind, key, print);
        _sent = new(sent);
    }

    public OwnedKind Kind { get; }

    public ObjectKey Key { get; }

    /// <summary>Of what is desired, within this process. Most children are settled, and this tells so before the rest is worked out.</summary>
    public UInt128 Print { get; }

    public JsonObject Json => _sent.Value.Json;

    /// <summary>Of <see cref="Json"/> without its annotation of this hash, the same in every process.</summary>
    public string Hash => _sent.Value.Hash;

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

        var text = KubernetesJson.Serialize(desired);
        return new(kind, desired.Key(), PrintOf(text, owner), () => Sent(text, owner, hashAnnotation));
    }

    private static UInt128 PrintOf(string text, IKubernetesObject<V1ObjectMeta> owner)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes($"{owner.Metadata.Uid} {text}".AsSpan()), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static (JsonObject Json, string Hash) Sent(string text, IKubernetesObject<V1ObjectMeta> owner, string hashAnnotation)
    {
        var json = ObjectJson.Parse(text);
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
        return (json, hash);
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
