using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Decide;

/// <summary>Puts what ails a pod that is not ready into the user's words.</summary>
internal static class PodTrouble
{
    /// <summary>Longest text of somebody else that is quoted in a condition.</summary>
    private const int MaxQuote = 1024;

    /// <summary>Null when the pod is merely starting.</summary>
    /// <param name="report">What the pod's server said of itself; null when it was not heard.</param>
    public static Finding? Find(V1Pod pod, ServerStatus? report, DateTimeOffset now) =>
        Scheduling(pod) ?? Waiting(pod) ?? Ended(pod) ?? Loading(pod, report) ?? VolumeWait.Find(pod, now);

    private static Finding? Scheduling(V1Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False", Reason: "Unschedulable" }) is { } condition
            ? new(Reasons.Unschedulable, Says(pod, condition.Message))
            : null;

    private static Finding? Waiting(V1Pod pod)
    {
        foreach (var status in Containers(pod))
        {
            var reason = status.State?.Waiting?.Reason switch
            {
                "ImagePullBackOff" or "ErrImagePull" or "InvalidImageName" or "ErrImageNeverPull" or "ImageInspectError" => Reasons.ImagePullFailed,
                "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" => Reasons.PodConfigInvalid,
                _ => null,
            };
            if (reason is not null)
            {
                return new(reason, Says(pod, $"container {status.Name}: {status.State!.Waiting.Reason}: {status.State.Waiting.Message}"));
            }
        }

        return null;
    }

    private static Finding? Ended(V1Pod pod)
    {
        // One that is ready got over how it ended before.
        foreach (var status in Containers(pod).Where(status => !status.Ready))
        {
            var ended = status.State?.Terminated ?? status.LastState?.Terminated;
            if (ended is null || (ended.ExitCode == 0 && string.IsNullOrEmpty(ended.Message)))
            {
                continue;
            }

            if (ended.Reason == "OOMKilled")
            {
                return new(Reasons.OutOfMemory, Says(pod, $"container {status.Name} was killed for passing its memory limit, {status.RestartCount} restarts so far."));
            }

            if (status.Name == Desire.Names.ServerContainer && !string.IsNullOrWhiteSpace(ended.Message))
            {
                return new(ended.ExitCode == ServerContract.DigestChangedExitCode ? Reasons.DigestChanged : Reasons.ModelLoadFailed, Says(pod, ended.Message));
            }

            var how = ended.Signal is > 0 ? $"was ended by signal {ended.Signal}" : $"exited with code {ended.ExitCode}";
            return new(Reasons.ServerCrashed, Says(pod, $"container {status.Name} {how}, {status.RestartCount} restarts so far; kubectl logs {pod.Metadata.Name} -c {status.Name} --previous tells more."));
        }

        return null;
    }

    private static Finding? Loading(V1Pod pod, ServerStatus? report) =>
        report is { State: ServerState.Loading or ServerState.Failed, Message.Length: > 0 } ? new(Reasons.ModelLoading, Says(pod, report.Message)) : null;

    private static IEnumerable<V1ContainerStatus> Containers(V1Pod pod) => (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []);

    private static string Says(V1Pod pod, string? text)
    {
        var quote = (text ?? "").Trim();
        return $"Pod {pod.Metadata.Name}: {(quote.Length > MaxQuote ? quote[..MaxQuote] + "…" : quote)}";
    }
}
