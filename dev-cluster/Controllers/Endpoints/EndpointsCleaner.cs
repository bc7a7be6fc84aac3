using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Endpoints;

/// <summary>Deletes the Endpoints of Services that are gone: unlike slices they have no owner that the garbage collector could follow.</summary>
internal sealed class EndpointsCleaner(IKubernetes api, IObjectStore<V1Service> services) : IEntityController<V1Endpoints>
{
    public async Task<Result> ReconcileAsync(V1Endpoints entity, CancellationToken cancellationToken)
    {
        var ours = entity.Metadata.Labels?.TryGetValue(EndpointsBuilder.ManagedBy, out var manager) == true && manager == EndpointsBuilder.Manager;
        if (ours && services.Get(entity.Key()) is null)
        {
            await ApiWrite.UnlessGone(api.CoreV1.DeleteNamespacedEndpointsAsync(
                entity.Metadata.Name,
                entity.Metadata.NamespaceProperty,
                new V1DeleteOptions { Preconditions = new() { Uid = entity.Metadata.Uid } },
                cancellationToken: cancellationToken));
        }

        return Result.Done;
    }
}
