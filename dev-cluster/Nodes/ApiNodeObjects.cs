using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Nodes;

/// <summary>What pods refer to, from the informers' caches.</summary>
internal sealed class ApiNodeObjects(IObjectStore<V1ConfigMap> configMaps, IObjectStore<V1Secret> secrets, IObjectStore<V1Service> services) : INodeObjects
{
    public V1ConfigMap? ConfigMap(string @namespace, string name) => configMaps.Get(new(@namespace, name));

    public V1Secret? Secret(string @namespace, string name) => secrets.Get(new(@namespace, name));

    public IReadOnlyList<V1Service> Services() => services.List();
}
