using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>What a deletion left: the object that still stands, or the last content of one that is gone.</summary>
internal readonly record struct DeleteResult(JsonObject Object, bool IsGone);

/// <summary>
/// Deletes at once, or marks for deletion: an object with finalizers stays until the last is removed, one with a grace period until its keeper
/// deletes it with a period of 0.
/// </summary>
internal sealed class ObjectDeleter(ObjectStore store, TimeProvider time)
{
    private static readonly string[] Undeletable = ["default", "kube-public", "kube-system"];

    public DeleteResult Delete(ObjectRequest request, DeleteOptions options)
    {
        var table = store.Table(request.Definition.StorageName);
        while (true)
        {
            var live = table.Find(request.Key) ?? throw StatusErrors.NotFound(request.Definition, request.Name);
            CheckPreconditions(request.Definition, live.Value, options);
            if (request.Definition is { Group: "", Kind: "Namespace" } && Undeletable.Contains(request.Name))
            {
                throw StatusErrors.Forbidden(request.Definition, request.Name, "this namespace may not be deleted");
            }

            if (Try(table, request.Definition, live, options) is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>Null when somebody else wrote in between.</summary>
    private DeleteResult? Try(ObjectTable table, ResourceDefinition definition, StoredObject live, DeleteOptions options)
    {
        var next = live.Clone();
        if (definition is { Group: "apiextensions.k8s.io", Plural: "customresourcedefinitions" })
        {
            DefinitionStatus.MarkDeleting(next, time.GetUtcNow());
            return options.DryRun ? new DeleteResult(next, IsGone: false)
                : Store(table, live, next) is { } going ? new DeleteResult(going.Value, IsGone: false) : null;
        }

        var grace = Grace.Decide(definition, next, options, time.GetUtcNow());
        if (grace == GraceOutcome.Pending)
        {
            return new DeleteResult(live.Value, IsGone: false);
        }

        next.SetFinalizers(GarbageCollectionFinalizers(definition, next, options));
        var holds = next.Finalizers().Count > 0 || next.HasContent();
        if (grace == GraceOutcome.None && holds)
        {
            MarkDeleting(next);
        }

        var goes = !holds && (grace == GraceOutcome.None || next["metadata"]!["deletionGracePeriodSeconds"].AsNumber() == 0);
        if (options.DryRun)
        {
            return new DeleteResult(next, goes);
        }

        // Watchers see that an object with a grace period is going before they see it gone, however short the period is.
        var marked = grace == GraceOutcome.Granted || !goes ? Store(table, live, next) : live;
        if (marked is null || !goes)
        {
            return marked is null ? null : new DeleteResult(marked.Value, IsGone: false);
        }

        return store.Remove(table, marked) is { } gone ? new DeleteResult(gone.Value, IsGone: true) : null;
    }

    private StoredObject? Store(ObjectTable table, StoredObject live, JsonObject next) =>
        JsonNode.DeepEquals(next, live.Value) ? live : store.Replace(table, live, next);

    private void MarkDeleting(JsonObject next)
    {
        var metadata = next.Meta();
        if (metadata["deletionGracePeriodSeconds"] is null && metadata["generation"].AsNumber() is { } generation)
        {
            metadata["generation"] = generation + 1;
        }

        metadata["deletionTimestamp"] ??= Metadata.Time(time.GetUtcNow());
        if (!next.HasContent())
        {
            metadata["deletionGracePeriodSeconds"] = 0;
        }
        else if (next["status"] is not JsonObject status)
        {
            next["status"] = new JsonObject { ["phase"] = "Terminating" };
        }
        else
        {
            status["phase"] = "Terminating";
        }
    }

    private static IReadOnlyList<string> GarbageCollectionFinalizers(ResourceDefinition definition, JsonObject next, DeleteOptions options)
    {
        var finalizers = next.Finalizers();
        var policy = options.Propagation
            ?? (finalizers.Contains("orphan") ? Propagation.Orphan
                : finalizers.Contains("foregroundDeletion") ? Propagation.Foreground
                : definition.OrphansByDefault ? Propagation.Orphan
                : Propagation.Background);
        var added = policy switch
        {
            Propagation.Orphan => "orphan",
            Propagation.Foreground => "foregroundDeletion",
            Propagation.Background => null,
            _ => throw new InvalidOperationException($"unknown propagation {policy}"),
        };
        var others = finalizers.Where(f => f is not ("orphan" or "foregroundDeletion"));
        return added is null ? [.. others] : finalizers.Contains(added) ? finalizers : [.. others, added];
    }

    private static void CheckPreconditions(ResourceDefinition definition, JsonObject live, DeleteOptions options)
    {
        if (options.Uid is { } uid && uid != live.MetaText("uid"))
        {
            throw Precondition(
                definition,
                live,
                $"the UID in the precondition ({uid}) does not match the UID in record ({live.MetaText("uid")}). "
                + "The object might have been deleted and then recreated");
        }

        if (options.ResourceVersion is { } version && version != live.MetaText("resourceVersion"))
        {
            throw Precondition(
                definition,
                live,
                $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record "
                + $"({live.MetaText("resourceVersion")}). The object might have been modified");
        }
    }

    private static StatusException Precondition(ResourceDefinition definition, JsonObject live, string why)
    {
        // Unlike every other conflict, this one is said of the kind.
        return StatusErrors.Conflict(definition with { Plural = definition.Kind }, live.Name(), why);
    }
}
