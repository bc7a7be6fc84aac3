using k8s.Models;

namespace Slipway.DevCluster.Nodes;

/// <summary>What pods refer to, as the kubelet knows it now. Objects are shared: never change them.</summary>
internal interface INodeObjects
{
    V1ConfigMap? ConfigMap(string @namespace, string name);

    V1Secret? Secret(string @namespace, string name);

    IReadOnlyList<V1Service> Services();
}
