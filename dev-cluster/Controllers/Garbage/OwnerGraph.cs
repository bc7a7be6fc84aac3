using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.Garbage;

/// <summary>A kind of object as the API server serves it.</summary>
internal sealed record ServedKind(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Events outlive what they are about, and nobody owns them.</summary>
    public bool IsCollected => Kind is not "Event";

    public string Collection => Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";

    /// <param name="namespace">Of no meaning for a kind that lies in none.</param>
    public string Path(string? @namespace, string name) =>
        Namespaced ? $"{Collection}/namespaces/{@namespace}/{Plural}/{name}" : $"{Collection}/{Plural}/{name}";
}

/// <summary>One object of the graph: its metadata is all that matters.</summary>
internal sealed record OwnedObject(ServedKind Kind, V1ObjectMeta Metadata)
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    public string Path => Kind.Path(Metadata.NamespaceProperty, Metadata.Name);

    public IEnumerable<V1OwnerReference> Owners => Metadata.OwnerReferences ?? [];

    public bool Waits(string finalizer) => Metadata.DeletionTimestamp is not null && Metadata.Finalizers?.Contains(finalizer) == true;

    /// <summary>An owner that is deleted in the foreground waits for this object.</summary>
    public bool Holds(string owner) => Owners.Any(reference => reference.Uid == owner && reference.BlockOwnerDeletion == true);

    public static OwnedObject Read(ServedKind kind, JsonNode item) => new(kind, KubernetesJson.Deserialize<V1ObjectMeta>(item["metadata"]!.ToJsonString()));
}

/// <summary>All objects by uid, and who depends on whom. Used by one loop only.</summary>
internal sealed class OwnerGraph
{
    private readonly Dictionary<string, OwnedObject> _objects = [];
    private readonly Dictionary<string, HashSet<string>> _dependents = [];

    public OwnedObject? Find(string uid) => _objects.GetValueOrDefault(uid);

    public IReadOnlyList<OwnedObject> DependentsOf(string uid) =>
        _dependents.TryGetValue(uid, out var uids) ? [.. uids.Select(Find).OfType<OwnedObject>()] : [];

    public void Set(OwnedObject next)
    {
        Remove(next.Metadata.Uid);
        _objects[next.Metadata.Uid] = next;
        foreach (var owner in next.Owners)
        {
            if (!_dependents.TryGetValue(owner.Uid, out var dependents))
            {
                _dependents[owner.Uid] = dependents = [];
            }

            dependents.Add(next.Metadata.Uid);
        }
    }

    public void Remove(string uid)
    {
        if (_objects.Remove(uid, out var old))
        {
            foreach (var owner in old.Owners)
            {
                if (_dependents.TryGetValue(owner.Uid, out var dependents) && dependents.Remove(uid) && dependents.Count == 0)
                {
                    _dependents.Remove(owner.Uid);
                }
            }
        }
    }

    public IReadOnlyList<OwnedObject> Of(ServedKind kind) => [.. _objects.Values.Where(known => known.Kind == kind)];
}
