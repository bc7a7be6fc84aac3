using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>What the server itself writes into metadata, and what it lets nobody change there.</summary>
internal static class MetadataRules
{
    /// <summary>Fills the metadata of a new object; a name is made of generateName where none is given.</summary>
    public static void OnCreate(ResourceDefinition definition, string ns, JsonObject next, DateTimeOffset now)
    {
        var metadata = next.Meta();
        if (next.Name().Length == 0 && next.MetaText("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + Metadata.RandomSuffix();
        }

        if (definition.Namespaced)
        {
            metadata["namespace"] = ns;
        }

        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("selfLink");
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Metadata.Time(now);
        if (definition.HasGeneration)
        {
            metadata["generation"] = 1L;
        }
    }

    /// <summary>Carries over what a client may leave out, and refuses another object's uid.</summary>
    public static void OnUpdate(ResourceDefinition definition, JsonObject next, JsonObject live)
    {
        var metadata = next.Meta();
        if (next.MetaText("uid") is { Length: > 0 } uid && uid != live.MetaText("uid"))
        {
            throw StatusErrors.Conflict(
                definition, live.Name(), $"Precondition failed: UID in precondition: {uid}, UID in object meta: {live.MetaText("uid")}");
        }

        metadata.Remove("selfLink");
        next.CopyMeta(live, "uid");
        next.CopyMeta(live, "namespace");
        next.CopyMeta(live, "resourceVersion");
        next.CopyMeta(live, "creationTimestamp");
        next.CopyMeta(live, "generation");
        CopyIfAbsent(next, live, "deletionTimestamp");
        CopyIfAbsent(next, live, "deletionGracePeriodSeconds");
    }

    /// <summary>One more generation when anything but metadata and status has changed; for some kinds when an annotation has, too.</summary>
    public static void CountGeneration(ResourceDefinition definition, string subresource, JsonObject next, JsonObject live)
    {
        var annotated = definition.CountsAnnotations && subresource.Length == 0
            && !JsonNode.DeepEquals(next["metadata"]!["annotations"], live["metadata"]!["annotations"]);
        if (definition.HasGeneration && (annotated || !SameDesire(definition, next, live)))
        {
            next.Meta()["generation"] = (live["metadata"]?["generation"].AsNumber() ?? 0) + 1;
        }
    }

    /// <summary>Whether metadata changed as it may not.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject next, JsonObject live)
    {
        // The server checks this once for all kinds and once more for each kind, and answers both causes.
        var errors = Check(next, live).ToList();
        return errors.Concat(errors);
    }

    private static IEnumerable<FieldError> Check(JsonObject next, JsonObject live)
    {
        foreach (var field in (string[])["deletionTimestamp", "deletionGracePeriodSeconds"])
        {
            var value = next["metadata"]![field];
            if (!JsonNode.DeepEquals(value, live["metadata"]![field]))
            {
                yield return new FieldError(
                    $"metadata.{field}", "FieldValueInvalid", $"Invalid value: {value!.ToJsonString()}: field is immutable");
            }
        }

        if (live.IsBeingDeleted() && next.Finalizers().Except(live.Finalizers()).ToList() is { Count: > 0 } added)
        {
            var names = string.Join(", ", added.Select(f => $"\"{f}\""));
            yield return new FieldError(
                "metadata.finalizers",
                "FieldValueForbidden",
                $"Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{{{names}}}");
        }
    }

    private static bool SameDesire(ResourceDefinition definition, JsonObject next, JsonObject live)
    {
        var skipped = definition.HasStatus ? (string[])["apiVersion", "kind", "metadata", "status"] : ["apiVersion", "kind", "metadata"];
        return next.Select(p => p.Key).Union(live.Select(p => p.Key)).Except(skipped).All(key => JsonNode.DeepEquals(next[key], live[key]));
    }

    private static void CopyIfAbsent(JsonObject next, JsonObject live, string field)
    {
        if (next["metadata"]![field] is null)
        {
            next.CopyMeta(live, field);
        }
    }
}
