using k8s.Models;
using Slipway.DevCluster.Nodes.Containers;

namespace Slipway.DevCluster.Nodes.Pods;

/// <summary>A pod's status from what is known of its containers.</summary>
internal static class PodStatusBuilder
{
    /// <summary>The node's own address.</summary>
    public const string HostAddress = "127.0.0.1";

    public static V1PodStatus Build(V1Pod pod, PodPicture picture, DateTime now)
    {
        var phase = Phase(pod.Spec.RestartPolicy ?? "Always", picture);
        return new()
        {
            Phase = phase,
            Reason = picture.Failure?.Reason,
            Message = picture.Failure?.Message,
            ObservedGeneration = pod.Metadata.Generation,
            Conditions = PodConditions.Build(pod, picture, phase, now),
            HostIP = HostAddress,
            HostIPs = [new() { Ip = HostAddress }],
            PodIP = picture.Address,
            PodIPs = [new() { Ip = picture.Address }],
            StartTime = picture.StartTime,
            QosClass = pod.Status?.QosClass ?? "BestEffort",
            InitContainerStatuses = pod.Spec.InitContainers is { Count: > 0 } init ? [.. init.Select(container => Status(container, picture.Init[container.Name], isInit: true))] : null,
            ContainerStatuses = [.. pod.Spec.Containers.Select(container => Status(container, picture.Containers[container.Name], isInit: false))],
        };
    }

    private static V1ContainerStatus Status(V1Container container, ContainerSnapshot snapshot, bool isInit) => new()
    {
        Name = container.Name,
        Image = container.Image,
        ImageID = snapshot.ContainerId is null ? "" : container.Image,
        ContainerID = snapshot.ContainerId,
        State = snapshot.State,
        LastState = snapshot.Last ?? new(),
        RestartCount = snapshot.RestartCount,
        Ready = isInit ? snapshot.State.Terminated?.ExitCode == 0 : snapshot.Ready,
        Started = snapshot.Started,
    };

    private static string Phase(string restartPolicy, PodPicture picture)
    {
        if (picture.Failure is not null)
        {
            return "Failed";
        }

        if (picture.Ended)
        {
            return picture.Containers.Values.All(container => container.State.Terminated?.ExitCode == 0) ? "Succeeded" : "Failed";
        }

        var initFailed = picture.Init.Values.Any(container => container.State.Terminated is { ExitCode: not 0 });
        if (picture.Init.Values.Any(container => container.State.Terminated?.ExitCode != 0))
        {
            return initFailed && restartPolicy == "Never" ? "Failed" : "Pending";
        }

        var containers = picture.Containers.Values;
        if (containers.Any(container => container.State.Waiting is not null && container.ContainerId is null))
        {
            return "Pending";
        }

        if (restartPolicy == "Always" || !containers.All(container => container.State.Terminated is not null))
        {
            return "Running";
        }

        var failed = containers.Any(container => container.State.Terminated.ExitCode != 0);
        return !failed ? "Succeeded" : restartPolicy == "Never" ? "Failed" : "Running";
    }
}
