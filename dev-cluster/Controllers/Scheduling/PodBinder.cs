using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Scheduling;

/// <summary>Binds pods to nodes, as a scheduler: the fitting node with the fewest pods; or says why none fits.</summary>
internal sealed class PodBinder(IKubernetes api, IObjectStore<V1Node> nodes, IObjectStore<V1Pod> pods, IEventRecorder events, TimeProvider clock) : IEntityController<V1Pod>
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    public async Task<Result> ReconcileAsync(V1Pod entity, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(entity.Spec.NodeName) || entity.IsTerminating() || entity.Spec.SchedulerName is not (null or "default-scheduler"))
        {
            return Result.Done;
        }

        var placed = pods.List().Where(pod => !string.IsNullOrEmpty(pod.Spec.NodeName) && !pod.IsFinished()).ToLookup(pod => pod.Spec.NodeName);
        var answers = nodes.List().Select(node => (Node: node, Refusal: NodeFit.Refusal(entity, node, [.. placed[node.Metadata.Name]]))).ToList();
        var fitting = answers.Where(answer => answer.Refusal is null).Select(answer => answer.Node).ToList();
        if (fitting.Count == 0)
        {
            await RefuseAsync(entity, [.. answers.Select(answer => answer.Refusal!)], cancellationToken);
            return Result.After(Retry);
        }

        await BindAsync(entity, fitting.MinBy(node => placed[node.Metadata.Name].Count())!, cancellationToken);
        return Result.Done;
    }

    /// <summary>The scheduler's sentence for nodes that all refused.</summary>
    internal static string Message(IReadOnlyList<string> refusals)
    {
        if (refusals.Count == 0)
        {
            return "no nodes available to schedule pods";
        }

        var counted = refusals.GroupBy(refusal => refusal).Select(same => $"{same.Count()} {same.Key}").Order(StringComparer.Ordinal);
        var helpless = refusals.Count(refusal => !refusal.StartsWith("Insufficient", StringComparison.Ordinal) && refusal != "Too many pods");
        List<string> preemption = [];
        if (refusals.Count > helpless)
        {
            preemption.Add($"{refusals.Count - helpless} No preemption victims found for incoming pod");
        }

        if (helpless > 0)
        {
            preemption.Add($"{helpless} Preemption is not helpful for scheduling");
        }

        return $"0/{refusals.Count} nodes are available: {string.Join(", ", counted)}. no new claims to deallocate, preemption: 0/{refusals.Count} nodes are available: {string.Join(", ", preemption)}.";
    }

    private async Task BindAsync(V1Pod pod, V1Node node, CancellationToken cancellationToken)
    {
        using var answer = await ApiWrite.Of(api.CoreV1.CreateNamespacedPodBindingWithHttpMessagesAsync(
            new V1Binding
            {
                ApiVersion = "v1",
                Kind = "Binding",
                Metadata = new() { Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty, Uid = pod.Metadata.Uid },
                Target = new() { ApiVersion = "v1", Kind = "Node", Name = node.Metadata.Name },
            },
            pod.Metadata.Name,
            pod.Metadata.NamespaceProperty,
            fieldManager: ApiWrite.Scheduler,
            cancellationToken: cancellationToken));
        events.Normal(pod, "Scheduled", $"Successfully assigned {pod.Key()} to {node.Metadata.Name}");
    }

    private async Task RefuseAsync(V1Pod pod, List<string> refusals, CancellationToken cancellationToken)
    {
        var message = Message(refusals);
        var known = pod.Condition("PodScheduled");
        if (known is { Status: "False" } && known.Message == message)
        {
            return;
        }

        var condition = new V1PodCondition
        {
            Type = "PodScheduled",
            Status = "False",
            Reason = "Unschedulable",
            Message = message,
            ObservedGeneration = pod.Metadata.Generation,
            LastTransitionTime = known?.Status == "False" ? known.LastTransitionTime : clock.GetUtcNow().UtcDateTime,
        };
        var body = JsonNode.Parse(KubernetesJson.Serialize(condition))!.AsObject();
        body["lastProbeTime"] = null;
        var patch = new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(body) } };
        await ApiWrite.Of(api.CoreV1.PatchNamespacedPodStatusAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.StrategicMergePatch),
            pod.Metadata.Name,
            pod.Metadata.NamespaceProperty,
            fieldManager: ApiWrite.Scheduler,
            cancellationToken: cancellationToken));
        events.Warning(pod, "FailedScheduling", message);
    }
}
