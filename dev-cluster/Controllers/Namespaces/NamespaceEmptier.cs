using k8s;
using Slipway.DevCluster.Controllers.Garbage;

namespace Slipway.DevCluster.Controllers.Namespaces;

/// <summary>Deletes whatever lies in a namespace, of every kind that is served.</summary>
internal sealed class NamespaceEmptier(IKubernetes api)
{
    private readonly MetadataClient _client = new((Kubernetes)api);

    /// <returns>What is left: what has a finalizer or a grace period stays for a while.</returns>
    public async Task<NamespaceRest> EmptyAsync(string @namespace, CancellationToken cancellationToken)
    {
        var objects = new Dictionary<string, int>();
        var finalizers = new Dictionary<string, int>();
        foreach (var kind in (await _client.KindsAsync(cancellationToken)).Where(kind => kind.Namespaced))
        {
            var left = await DeleteAllAsync(kind, @namespace, cancellationToken);
            if (left.Count > 0)
            {
                objects[$"{kind.Plural}.{kind.Group}"] = left.Count;
            }

            foreach (var finalizer in left.SelectMany(item => item.Metadata.Finalizers ?? []))
            {
                finalizers[finalizer] = finalizers.GetValueOrDefault(finalizer) + 1;
            }
        }

        return new(objects, finalizers);
    }

    private async Task<IReadOnlyList<OwnedObject>> DeleteAllAsync(ServedKind kind, string @namespace, CancellationToken cancellationToken)
    {
        var found = await ListAsync(kind, @namespace, cancellationToken);
        foreach (var item in found.Where(item => item.Metadata.DeletionTimestamp is null))
        {
            await _client.DeleteAsync(item, "Background", resourceVersion: null, cancellationToken);
        }

        return found.Count == 0 ? found : await ListAsync(kind, @namespace, cancellationToken);
    }

    private async Task<IReadOnlyList<OwnedObject>> ListAsync(ServedKind kind, string @namespace, CancellationToken cancellationToken) =>
        (await _client.ListAsync(kind, cancellationToken))?.Items.Where(item => item.Metadata.NamespaceProperty == @namespace).ToList() ?? [];
}
