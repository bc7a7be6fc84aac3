using k8s;
using k8s.Autorest;
using k8s.Models;
using Slipway.DevCluster.Nodes.Volumes;
using Slipway.Runtime;

namespace Slipway.DevCluster.Nodes;

/// <summary>What pods refer to: objects from the informers' caches, tokens from the API server.</summary>
internal sealed class ApiNodeObjects(
    IKubernetes api, IObjectStore<V1ConfigMap> configMaps, IObjectStore<V1Secret> secrets, IObjectStore<V1Service> services, TimeProvider clock) : INodeObjects
{
    public V1ConfigMap? ConfigMap(string @namespace, string name) => configMaps.Get(new(@namespace, name));

    public V1Secret? Secret(string @namespace, string name) => secrets.Get(new(@namespace, name));

    public IReadOnlyList<V1Service> Services() => services.List();

    public async Task<AccountToken> TokenAsync(V1Pod pod, string audience, long seconds, CancellationToken cancellationToken)
    {
        var account = pod.Spec.ServiceAccountName;
        var request = new Authenticationv1TokenRequest
        {
            Spec = new()
            {
                Audiences = audience.Length > 0 ? [audience] : [],
                ExpirationSeconds = seconds,
                BoundObjectRef = new() { ApiVersion = "v1", Kind = V1Pod.KubeKind, Name = pod.Metadata.Name, Uid = pod.Metadata.Uid },
            },
        };
        try
        {
            var now = clock.GetUtcNow().UtcDateTime;
            var answer = await api.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, account, pod.Metadata.NamespaceProperty, cancellationToken: cancellationToken);
            return new(answer.Status.Token, now, answer.Status.ExpirationTimestamp ?? now.AddSeconds(seconds));
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException)
        {
            throw new VolumeMissingException($"no token of service account \"{account}\": {(exception as HttpOperationException)?.Response.Content ?? exception.Message}");
        }
    }
}
