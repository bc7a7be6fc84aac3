using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Nodes;

/// <summary>Tells the API server, as a kubelet does: strategic patches of the status, events, and the removal of what has ended.</summary>
internal sealed class ApiPodReporter(IKubernetes api, IEventRecorder events) : IPodReporter
{
    private const string FieldManager = "kubelet";

    public async Task WriteStatusAsync(V1Pod pod, V1PodStatus status, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid },
            ["status"] = JsonNode.Parse(KubernetesJson.Serialize(status)),
        };
        try
        {
            await api.CoreV1.PatchNamespacedPodStatusAsync(
                new V1Patch(patch.ToJsonString(), V1Patch.PatchType.StrategicMergePatch),
                pod.Metadata.Name,
                pod.Metadata.NamespaceProperty,
                fieldManager: FieldManager,
                cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone, or another pod of the same name: the watch tells.
            return;
        }
    }

    public async Task RemoveAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            await api.CoreV1.DeleteNamespacedPodAsync(
                pod.Metadata.Name,
                pod.Metadata.NamespaceProperty,
                new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new() { Uid = pod.Metadata.Uid } },
                cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return;
        }
    }

    public void Event(V1Pod pod, string? container, PodEvent happened, string message)
    {
        if (happened is PodEvent.Pulled or PodEvent.Pulling or PodEvent.Created or PodEvent.Started or PodEvent.Killing)
        {
            events.Normal(pod, happened.ToString(), message);
        }
        else
        {
            events.Warning(pod, happened.ToString(), message);
        }
    }
}
