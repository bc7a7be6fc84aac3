using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Verbs;

internal enum GraceOutcome
{
    /// <summary>The kind knows no grace period.</summary>
    None,

    /// <summary>A period began or was shortened; it may be 0.</summary>
    Granted,

    /// <summary>A period runs already, and the request does not shorten it.</summary>
    Pending,
}

/// <summary>The grace period of a deletion: how long an object may go on before it must be gone.</summary>
internal static class Grace
{
    /// <summary>Writes deletionTimestamp and deletionGracePeriodSeconds into <paramref name="next"/> where a period is granted.</summary>
    public static GraceOutcome Decide(ResourceDefinition definition, JsonObject next, DeleteOptions options, DateTimeOffset now)
    {
        if (!definition.DeletesGracefully)
        {
            return GraceOutcome.None;
        }

        var metadata = next.Meta();
        if (next.IsBeingDeleted())
        {
            return metadata["deletionGracePeriodSeconds"] is null ? GraceOutcome.None : Shorten(metadata, options);
        }

        var seconds = Seconds(next, options);
        metadata["deletionTimestamp"] = Metadata.Time(now.AddSeconds(seconds));
        metadata["deletionGracePeriodSeconds"] = seconds;
        if (metadata["generation"].AsNumber() is { } generation)
        {
            metadata["generation"] = generation + 1;
        }

        return GraceOutcome.Granted;
    }

    private static GraceOutcome Shorten(JsonObject metadata, DeleteOptions options)
    {
        var running = metadata["deletionGracePeriodSeconds"].AsNumber() ?? 0;
        if (options.GracePeriod is not { } wanted || wanted >= running)
        {
            return GraceOutcome.Pending;
        }

        var end = DateTimeOffset.Parse((string)metadata["deletionTimestamp"]!, CultureInfo.InvariantCulture);
        metadata["deletionTimestamp"] = Metadata.Time(end.AddSeconds(wanted - running));
        metadata["deletionGracePeriodSeconds"] = wanted;
        return GraceOutcome.Granted;
    }

    /// <summary>What runs nowhere, or has ended, needs no time to end.</summary>
    private static long Seconds(JsonObject pod, DeleteOptions options)
    {
        var spec = pod["spec"] as JsonObject;
        if ((string?)spec?["nodeName"] is null or "" || (string?)pod["status"]?["phase"] is "Succeeded" or "Failed")
        {
            return 0;
        }

        var seconds = options.GracePeriod ?? spec!["terminationGracePeriodSeconds"].AsNumber() ?? 0;
        return seconds < 0 ? 1 : seconds;
    }
}
