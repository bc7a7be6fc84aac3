using k8s.Models;
using Slipway.DevCluster.Nodes.Volumes;

namespace Slipway.DevCluster.Nodes;

/// <summary>What pods refer to, as the kubelet knows it now. Objects are shared: never change them.</summary>
internal interface INodeObjects
{
    V1ConfigMap? ConfigMap(string @namespace, string name);

    V1Secret? Secret(string @namespace, string name);

    IReadOnlyList<V1Service> Services();

    /// <summary>A new token of the pod's ServiceAccount that dies with the pod. An empty audience is the API server's own.</summary>
    /// <exception cref="VolumeMissingException">The API server gives none.</exception>
    Task<AccountToken> TokenAsync(V1Pod pod, string audience, long seconds, CancellationToken cancellationToken);
}
