using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>The status that the server gives a definition: which of its names it may have, and whether its resource is served.</summary>
internal static class DefinitionStatus
{
    public const string Finalizer = "customresourcecleanup.apiextensions.k8s.io";

    public static bool IsEstablished(JsonObject crd) => Condition(crd, "Established")?["status"]?.ToString() == "True";

    public static bool NamesAccepted(JsonObject crd) => Condition(crd, "NamesAccepted")?["status"]?.ToString() == "True";

    /// <summary>The status of a definition that was just created.</summary>
    public static JsonObject Fresh(JsonObject crd) => new()
    {
        ["conditions"] = null,
        ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
        ["storedVersions"] = StoredVersions(crd, null),
    };

    /// <summary>Every version that was ever the storage version; null when there is none.</summary>
    public static JsonArray? StoredVersions(JsonObject crd, JsonArray? before)
    {
        var stored = before?.DeepClone().AsArray() ?? [];
        var storage = DefinitionVersions.Name((crd["spec"]?["versions"] as JsonArray ?? []).FirstOrDefault(DefinitionVersions.IsStorage));
        if (storage.Length > 0 && !stored.Any(version => version?.GetValue<string>() == storage))
        {
            stored.Add((JsonNode)storage);
        }
        return stored.Count > 0 ? stored : null;
    }

    /// <summary>The definition with its names held against those of <paramref name="others"/>; the same content when nothing changes.</summary>
    public static JsonObject Name(JsonObject crd, IEnumerable<JsonObject> others, DateTimeOffset now)
    {
        var next = crd.DeepClone().AsObject();
        var names = NameClaims.Decide(next, others);
        var status = next["status"]!.AsObject();
        status["acceptedNames"] = names.Accepted;
        Set(next, "NamesAccepted", names.Reason.Length == 0 ? "True" : "False",
            names.Reason.Length == 0 ? "NoConflicts" : names.Reason, names.Reason.Length == 0 ? "no conflicts found" : names.Message, now);
        if (!IsEstablished(next))
        {
            var accepted = names.Reason.Length == 0;
            Set(next, "Established", accepted ? "True" : "False",
                accepted ? "InitialNamesAccepted" : "NotAccepted", accepted ? "the initial names have been accepted" : "not all names are accepted", now);
        }
        return next;
    }

    /// <summary>What DELETE makes of a definition: it stays, with a finalizer, until its objects are gone.</summary>
    public static void MarkDeleting(JsonObject crd, DateTimeOffset now)
    {
        var metadata = crd["metadata"]!.AsObject();
        metadata["deletionTimestamp"] ??= Time(now);
        var finalizers = metadata["finalizers"] as JsonArray ?? [];
        if (!finalizers.Any(finalizer => finalizer?.GetValue<string>() == Finalizer))
        {
            metadata["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => finalizer?.DeepClone()), Finalizer]);
        }
        Set(crd, "Terminating", "True", "InstanceDeletionPending",
            "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon", now);
    }

    private static JsonObject? Condition(JsonObject crd, string type) =>
        (crd["status"]?["conditions"] as JsonArray)?.FirstOrDefault(condition => condition?["type"]?.GetValue<string>() == type) as JsonObject;

    // The time moves only when the status of the condition does.
    private static void Set(JsonObject crd, string type, string status, string reason, string message, DateTimeOffset now)
    {
        var condition = Condition(crd, type);
        if (condition is null)
        {
            var owner = crd["status"] as JsonObject;
            if (owner is null)
            {
                crd["status"] = owner = Fresh(crd);
            }
            if (owner["conditions"] is not JsonArray list)
            {
                owner["conditions"] = list = [];
            }
            condition = new JsonObject { ["type"] = type };
            list.Add((JsonNode)condition);
        }
        if (condition["status"]?.GetValue<string>() != status)
        {
            condition["status"] = status;
            condition["lastTransitionTime"] = Time(now);
        }
        condition["reason"] = reason;
        condition["message"] = message;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
