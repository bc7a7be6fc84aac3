using k8s.Models;
using Slipway.DevCluster.Nodes.Containers;

namespace Slipway.DevCluster.Nodes.Pods;

/// <summary>A pod's conditions as a kubelet writes them. Transition times move only with the status.</summary>
internal static class PodConditions
{
    public static IList<V1PodCondition> Build(V1Pod pod, PodPicture picture, string phase, DateTime now)
    {
        List<V1PodCondition> conditions =
        [
            New("PodReadyToStartContainers", picture.ReadyToStart),
            Initialized(pod, picture, phase),
            Ready(pod, picture, phase),
            ContainersReady(pod.Spec.Containers.Select(container => container.Name), picture.Containers, phase),
            New("PodScheduled", true),
        ];
        foreach (var condition in conditions)
        {
            var old = pod.Status?.Conditions?.FirstOrDefault(known => known.Type == condition.Type);
            condition.LastTransitionTime = old?.Status == condition.Status && old.LastTransitionTime is not null ? old.LastTransitionTime : now;
            condition.ObservedGeneration = pod.Metadata.Generation;
        }

        return conditions;
    }

    private static V1PodCondition Initialized(V1Pod pod, PodPicture picture, string phase)
    {
        var incomplete = picture.Init.Where(snapshot => snapshot.Value.State.Terminated?.ExitCode != 0).Select(snapshot => snapshot.Key).ToList();
        return phase == "Succeeded" && pod.Spec.InitContainers is null or { Count: 0 } ? New("Initialized", true, "PodCompleted")
            : incomplete.Count == 0 ? New("Initialized", true)
            : New("Initialized", false, "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', incomplete)}]");
    }

    private static V1PodCondition Ready(V1Pod pod, PodPicture picture, string phase)
    {
        var containers = ContainersReady(pod.Spec.Containers.Select(container => container.Name), picture.Containers, phase);
        var gate = pod.Spec.ReadinessGates?.FirstOrDefault(gate => pod.Status?.Conditions?.Any(known => known.Type == gate.ConditionType && known.Status == "True") != true);
        return containers.Status != "True" ? New("Ready", false, containers.Reason, containers.Message)
            : gate is null ? New("Ready", true)
            : New("Ready", false, "ReadinessGatesNotReady", $"corresponding condition of pod readiness gate \"{gate.ConditionType}\" does not exist.");
    }

    private static V1PodCondition ContainersReady(IEnumerable<string> names, IReadOnlyDictionary<string, ContainerSnapshot> containers, string phase)
    {
        var unready = names.Where(name => !containers[name].Ready).ToList();
        return phase is "Succeeded" ? New("ContainersReady", false, "PodCompleted")
            : phase is "Failed" ? New("ContainersReady", false, "PodFailed")
            : unready.Count == 0 ? New("ContainersReady", true)
            : New("ContainersReady", false, "ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]");
    }

    private static V1PodCondition New(string type, bool status, string? reason = null, string? message = null) =>
        new() { Type = type, Status = status ? "True" : "False", Reason = reason, Message = message };
}
