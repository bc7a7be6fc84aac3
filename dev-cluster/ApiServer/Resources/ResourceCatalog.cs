using System.Collections.Immutable;

namespace Slipway.DevCluster.ApiServer.Resources;

/// <summary>
/// The live set of resources. Readers see one immutable snapshot; a change swaps it. Order is the order in which rows came, which is the order of
/// groups and, with the preferred version first, of versions.
/// </summary>
internal sealed class ResourceCatalog
{
    private readonly Lock _writing = new();
    private volatile Snapshot _snapshot;

    public ResourceCatalog(IEnumerable<ResourceDefinition> definitions) => _snapshot = new Snapshot([.. definitions]);

    /// <summary>Raised after every change, on the thread that made it.</summary>
    public event Action? Changed;

    public IReadOnlyList<ResourceDefinition> All => _snapshot.All;

    /// <summary>The resource of that path, or null.</summary>
    public ResourceDefinition? Find(string group, string version, string plural) =>
        _snapshot.ByPath.GetValueOrDefault((group, version, plural));

    /// <summary>The resource of that kind, or null.</summary>
    public ResourceDefinition? FindKind(string group, string version, string kind) =>
        All.FirstOrDefault(d => d.Group == group && d.Version == version && d.Kind == kind);

    /// <summary>True when some resource is served under that group and version.</summary>
    public bool Serves(string group, string version) => All.Any(d => d.Group == group && d.Version == version);

    public bool ServesGroup(string group) => All.Any(d => d.Group == group);

    /// <summary>Adds the resource, or replaces the one of the same group, version and plural in its place.</summary>
    public void Put(ResourceDefinition definition) => Change(all =>
    {
        var index = all.FindIndex(d => IsAt(d, definition.Group, definition.Version, definition.Plural));
        return index < 0 ? all.Add(definition) : all.SetItem(index, definition);
    });

    /// <summary>Removes the resource; absent is fine.</summary>
    public void Remove(string group, string version, string plural) =>
        Change(all => all.RemoveAll(d => IsAt(d, group, version, plural)));

    private static bool IsAt(ResourceDefinition d, string group, string version, string plural) =>
        d.Group == group && d.Version == version && d.Plural == plural;

    private void Change(Func<ImmutableList<ResourceDefinition>, ImmutableList<ResourceDefinition>> change)
    {
        lock (_writing)
        {
            _snapshot = new Snapshot(change(_snapshot.All));
        }

        Changed?.Invoke();
    }

    private sealed class Snapshot(ImmutableList<ResourceDefinition> all)
    {
        public ImmutableList<ResourceDefinition> All { get; } = all;

        public Dictionary<(string Group, string Version, string Plural), ResourceDefinition> ByPath { get; } =
            all.ToDictionary(d => (d.Group, d.Version, d.Plural));
    }
}
