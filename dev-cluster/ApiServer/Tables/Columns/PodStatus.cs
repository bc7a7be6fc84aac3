using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Tables.Columns;

/// <summary>The one word that a table says of a pod: its phase, or what keeps it from it.</summary>
internal static class PodStatus
{
    public static string Of(JsonObject pod)
    {
        string reason = pod.TextAt("status.reason") is { Length: > 0 } own ? own : pod.TextAt("status.phase");
        if (pod.ListAt("status.conditions").Any(c => c.TextAt("type") == "PodScheduled" && c.TextAt("reason") == "SchedulingGated"))
        {
            reason = "SchedulingGated";
        }

        reason = InitReason(pod) ?? ContainerReason(pod, reason);
        if (pod.At("metadata.deletionTimestamp") is null)
        {
            return reason;
        }

        bool isOver = pod.TextAt("status.phase") is "Succeeded" or "Failed";
        return pod.TextAt("status.reason") == "NodeLost" ? "Unknown" : isOver ? reason : "Terminating";
    }

    /// <summary>What the first unfinished init container is doing; null when none holds the pod.</summary>
    private static string? InitReason(JsonObject pod)
    {
        int total = pod.ListAt("spec.initContainers").Count();
        foreach ((int index, JsonObject container) in pod.ListAt("status.initContainerStatuses").Index())
        {
            if (container.At("state.terminated") is { } terminated)
            {
                if (terminated.NumberAt("exitCode") == 0)
                {
                    continue;
                }

                return "Init:" + Ended(terminated);
            }

            return container.TextAt("state.waiting.reason") is { Length: > 0 } waiting and not "PodInitializing"
                ? "Init:" + waiting
                : $"Init:{index}/{total}";
        }

        return null;
    }

    private static string ContainerReason(JsonObject pod, string reason)
    {
        bool runs = false;
        foreach (JsonObject container in pod.ListAt("status.containerStatuses").Reverse())
        {
            if (container.TextAt("state.waiting.reason") is { Length: > 0 } waiting)
            {
                reason = waiting;
            }
            else if (container.At("state.terminated") is { } terminated)
            {
                reason = Ended(terminated);
            }
            else if (container.TextAt("ready") == "true" && container.At("state.running") is not null)
            {
                runs = true;
            }
        }

        if (reason == "Completed" && runs)
        {
            bool isReady = pod.ListAt("status.conditions").Any(c => c.TextAt("type") == "Ready" && c.TextAt("status") == "True");
            return isReady ? "Running" : "NotReady";
        }

        return reason;
    }

    private static string Ended(JsonNode terminated) =>
        terminated.TextAt("reason") is { Length: > 0 } reason ? reason
        : terminated.NumberAt("signal") != 0 ? $"Signal:{terminated.NumberAt("signal")}"
        : $"ExitCode:{terminated.NumberAt("exitCode")}";
}
