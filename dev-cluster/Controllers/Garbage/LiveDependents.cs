namespace Slipway.DevCluster.Controllers.Garbage;

/// <summary>
/// Who depends on whom in the server's own word, asked once and only when needed. The graph follows every kind by a watch of its own, so a deleted
/// owner may be seen before the dependents that were made earlier; what lets an owner go must not overlook them.
/// </summary>
internal sealed class LiveDependents(MetadataClient client)
{
    private OwnerGraph? _graph;

    public async Task<IReadOnlyList<OwnedObject>> OfAsync(string uid, CancellationToken cancellationToken)
    {
        _graph ??= await ReadAsync(cancellationToken);
        return _graph.DependentsOf(uid);
    }

    private async Task<OwnerGraph> ReadAsync(CancellationToken cancellationToken)
    {
        var graph = new OwnerGraph();
        foreach (var kind in await client.KindsAsync(cancellationToken))
        {
            foreach (var item in kind.IsCollected && await client.ListAsync(kind, cancellationToken) is { } list ? list.Items : [])
            {
                graph.Set(item);
            }
        }

        return graph;
    }
}
