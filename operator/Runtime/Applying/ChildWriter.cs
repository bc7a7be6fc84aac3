using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>Brings one child to what is desired, with as few requests as that takes.</summary>
internal sealed class ChildWriter(
    ApiClient api, OwnWrites writes, RepairLog repairs, IOptions<KubernetesRuntimeOptions> options, ILogger<ChildWriter> logger)
{
    public async Task<ChildOutcome> WriteAsync(IKubernetesObject<V1ObjectMeta> owner, DesiredChild child, CancellationToken cancellationToken)
    {
        try
        {
            return await BringAsync(owner, child, cancellationToken);
        }
        catch (ApiException exception) when (exception.Status is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
        {
            return child.Problem(ApplyProblemKind.Invalid, $"The API server refuses {child} as invalid: {exception.ServerMessage}");
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.Forbidden)
        {
            return child.Problem(ApplyProblemKind.Forbidden, $"The API server forbids {child}: {exception.ServerMessage}") with { EndsRound = exception.NamespaceIsEnding };
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.Conflict)
        {
            throw new ConflictException($"{child} changed while it was applied.", exception);
        }
    }

    private async Task<ChildOutcome> BringAsync(IKubernetesObject<V1ObjectMeta> owner, DesiredChild child, CancellationToken cancellationToken)
    {
        var cached = child.Kind.Cached(child.Key);
        var live = writes.View(child.Id, cached) ?? await FindAsync(child, cancellationToken);
        if (live is null)
        {
            return await ApplyAsync(child, cached, null, "it did not exist", cancellationToken);
        }

        if (ChildOwnership.IsLeftOver(owner, live))
        {
            throw new ConflictException($"{child} belongs to a deleted {owner.Kind} of the same name, and waits to be garbage collected.");
        }

        if (ChildOwnership.TakenBy(owner, live) is { } taker)
        {
            return child.Problem(ApplyProblemKind.NameTaken, $"{child} exists already and {taker}. Rename or delete it, or rename {owner.Kind} {owner.Key()}.");
        }

        // Its end will enqueue the owner; until then there is nothing to apply to.
        var isEnding = ObjectJson.Metadata(live, "deletionTimestamp").Length > 0;
        var difference = isEnding ? null : FieldComparer.FirstDifference(child.Kind.Kind, child.Json, live);
        return difference is null || writes.IsSettled(child.Id, ObjectJson.Version(live), child.Hash)
            ? default
            : await MendAsync(child, cached, live, difference, cancellationToken);
    }

    private async Task<ChildOutcome> MendAsync(
        DesiredChild child, JsonObject? cached, JsonObject live, FieldPath difference, CancellationToken cancellationToken)
    {
        // The hash is that of what we applied last. Another one says that our desire changed; ours, or none, that somebody else was here.
        var applied = (string?)live["metadata"]?["annotations"]?[options.Value.HashAnnotation];
        var isRepair = applied is null || applied == child.Hash;
        var path = difference.ToString();
        if (isRepair && repairs.Wait(child.Id, path, child.Hash) is { } wait)
        {
            var other = FieldOwners.Other(live, difference, options.Value.FieldManager) is { } manager ? $"field manager \"{manager}\"" : "another writer";
            return child.Problem(
                ApplyProblemKind.FieldContested,
                $"{path} of {child} is set by {other} again and again. Stop that writer, or leave the field to it; it is put back in {wait.TotalSeconds:0} s.") with
            { RetryAfter = wait };
        }

        var dryRun = await SendAsync(child, live, dryRun: true, cancellationToken);
        if (JsonNode.DeepEquals(WithoutBookkeeping(dryRun), WithoutBookkeeping(live)))
        {
            Log.Equivalent(logger, child.Kind.Kind.Kind, child.Key, path);
            writes.Settle(child.Id, ObjectJson.Version(live), child.Hash);
            return default;
        }

        var outcome = await ApplyAsync(child, cached, live, $"{path} differed", cancellationToken);
        if (isRepair)
        {
            repairs.Repaired(child.Id, path, child.Hash);
        }

        return outcome;
    }

    private async Task<ChildOutcome> ApplyAsync(
        DesiredChild child, JsonObject? cached, JsonObject? live, string why, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(child, live, dryRun: false, cancellationToken);
        writes.Wrote(child.Id, cached, live, answer);
        Log.Applied(logger, child.Kind.Kind.Kind, child.Key, why);
        return new(Written: true, null, null);
    }

    private async Task<JsonObject?> FindAsync(DesiredChild child, CancellationToken cancellationToken) =>
        await api.FindAsync(child.Path, cancellationToken) is { } found ? child.Kind.AsCached(found) : null;

    private async Task<JsonObject> SendAsync(DesiredChild child, JsonObject? live, bool dryRun, CancellationToken cancellationToken)
    {
        var body = (JsonObject)child.Json.DeepClone();
        if (live is not null)
        {
            body["metadata"]!["resourceVersion"] = ObjectJson.Version(live);
        }

        var query = $"?fieldManager={Uri.EscapeDataString(options.Value.FieldManager)}&force=true{(dryRun ? "&dryRun=All" : "")}";
        return child.Kind.AsCached(await api.SendAsync(HttpMethod.Patch, child.Path + query, body, ApiClient.ApplyPatch, cancellationToken));
    }

    private static JsonObject WithoutBookkeeping(JsonObject entity)
    {
        var rest = (JsonObject)entity.DeepClone();
        var metadata = rest["metadata"]!.AsObject();
        metadata.Remove("resourceVersion");
        metadata.Remove("managedFields");
        metadata.Remove("generation");
        return rest;
    }
}
