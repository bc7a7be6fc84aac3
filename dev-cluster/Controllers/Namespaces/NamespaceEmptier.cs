using System.Text.Json.Nodes;
using k8s;
using Slipway.DevCluster.Controllers.Garbage;

namespace Slipway.DevCluster.Controllers.Namespaces;

/// <summary>Deletes whatever lies in a namespace, of every kind that is served.</summary>
internal sealed class NamespaceEmptier(IKubernetes api)
{
    private readonly MetadataClient _client = new((Kubernetes)api);

    /// <returns>Whether nothing is left; what has a finalizer or a grace period is left for a while.</returns>
    public async Task<bool> EmptyAsync(string @namespace, CancellationToken cancellationToken)
    {
        var isEmpty = true;
        foreach (var kind in (await _client.KindsAsync(cancellationToken)).Where(kind => kind.Namespaced))
        {
            var list = await _client.ListAsync(kind, cancellationToken);
            foreach (var found in list?.Items.Where(item => item.Metadata.NamespaceProperty == @namespace) ?? [])
            {
                isEmpty = false;
                if (found.Metadata.DeletionTimestamp is null)
                {
                    await DeleteAsync(kind, found, cancellationToken);
                }
            }
        }

        return isEmpty;
    }

    private Task<bool> DeleteAsync(ServedKind kind, OwnedObject found, CancellationToken cancellationToken) => _client.WriteAsync(
        HttpMethod.Delete,
        kind.Path(found.Metadata.NamespaceProperty, found.Metadata.Name),
        new JsonObject
        {
            ["kind"] = "DeleteOptions",
            ["apiVersion"] = "v1",
            ["propagationPolicy"] = "Background",
            ["preconditions"] = new JsonObject { ["uid"] = found.Metadata.Uid },
        },
        cancellationToken);
}
