using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>Brings one child to what is desired, with as few requests as that takes.</summary>
internal sealed class ChildWriter(
    ApiClient api, OwnWrites writes, RepairLog repairs, ApiDiscovery discovery, IOptions<KubernetesRuntimeOptions> options, ILogger<ChildWriter> logger)
{
    /// <param name="finding">What <see cref="FindAsync"/> comes to.</param>
    public async Task<ChildOutcome> WriteAsync(
        IKubernetesObject<V1ObjectMeta> owner, DesiredChild child, Task<ObjectVersion?> finding, CancellationToken cancellationToken)
    {
        try
        {
            return await BringAsync(owner, child, finding, cancellationToken);
        }
        catch (ApiException exception) when (exception.Status is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
        {
            return child.Problem(ApplyProblemKind.Invalid, $"The API server refuses {child} as invalid: {exception.ServerMessage}");
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.Forbidden)
        {
            return child.Problem(ApplyProblemKind.Forbidden, $"The API server forbids {child}: {exception.ServerMessage}") with { EndsRound = exception.NamespaceIsEnding };
        }
        catch (ApiException exception) when (exception.KindIsMissing && child.Kind.Optional)
        {
            discovery.Doubt(child.Kind.Kind);
            return child.Problem(ApplyProblemKind.KindMissing, $"The API server does not know the kind of {child}: {exception.ServerMessage}");
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.Conflict)
        {
            throw new ConflictException($"{child} changed while it was applied.", exception);
        }
    }

    /// <summary>
    /// The object as it is, by all that is known or else by asking for it; null when there is none. Of a kind that the cache has not found nobody would
    /// tell that it went again, so that there an own write tells nothing either.
    /// </summary>
    public async Task<ObjectVersion?> FindAsync(DesiredChild child, CancellationToken cancellationToken) =>
        (child.Kind.Installed ? writes.View(child.Id, child.Kind.Cached(child.Key)) : null)
        ?? (await api.FindAsync(child.Path, cancellationToken) is { } found ? child.Kind.AsCached(found) : null);

    /// <summary>At rest: this very version was found to be what is desired before.</summary>
    public bool IsSettled(DesiredChild child) =>
        !writes.IsPending(child.Id) && writes.IsSettled(child.Id, child.Kind.CachedVersion(child.Key), child.Print);

    private async Task<ChildOutcome> BringAsync(
        IKubernetesObject<V1ObjectMeta> owner, DesiredChild child, Task<ObjectVersion?> finding, CancellationToken cancellationToken)
    {
        var cached = child.Kind.Cached(child.Key);
        var live = await finding;
        if (live is null)
        {
            return await ApplyAsync(child, cached, null, "it did not exist", cancellationToken);
        }

        if (ChildOwnership.IsLeftOver(owner, live.Tree))
        {
            throw new ConflictException($"{child} belongs to a deleted {owner.Kind} of the same name, and waits to be garbage collected.");
        }

        if (ChildOwnership.TakenBy(owner, live.Tree) is { } taker)
        {
            return child.Problem(ApplyProblemKind.NameTaken, $"{child} exists already and {taker}. Rename or delete it, or rename {owner.Kind} {owner.Key()}.");
        }

        // Its end will enqueue the owner; until then there is nothing to apply to.
        var isEnding = ObjectJson.Metadata(live.Tree, "deletionTimestamp").Length > 0;
        var difference = isEnding ? null : FieldComparer.FirstDifference(child.Kind.Kind, child.Json, live.Tree);
        if (difference is not null && !writes.IsSettled(child.Id, live.Version, child.Print))
        {
            return await MendAsync(child, cached, live, difference, cancellationToken);
        }

        if (!isEnding)
        {
            writes.Settle(child.Id, live.Version, child.Print);
        }

        return default;
    }

    private async Task<ChildOutcome> MendAsync(
        DesiredChild child, ObjectVersion? cached, ObjectVersion live, FieldPath difference, CancellationToken cancellationToken)
    {
        // The hash is that of what we applied last. Another one says that our desire changed; ours, or none, that somebody else was here.
        var applied = (string?)live.Tree["metadata"]?["annotations"]?[options.Value.HashAnnotation];
        var isRepair = applied is null || applied == child.Hash;
        var path = difference.ToString();
        if (isRepair && repairs.Wait(child.Id, path, child.Hash) is { } wait)
        {
            return child.Problem(
                ApplyProblemKind.FieldContested,
                $"{path} of {child} is set by {await OtherAsync(child, difference, cancellationToken)} again and again. Stop that writer, or leave the field to it; it is put back in {wait.TotalSeconds:0} s.") with
            { RetryAfter = wait };
        }

        var dryRun = await SendAsync(child, live, dryRun: true, cancellationToken);
        if (JsonNode.DeepEquals(WithoutBookkeeping(dryRun.Tree), WithoutBookkeeping(live.Tree)))
        {
            Log.Equivalent(logger, child.Kind.Kind.Kind, child.Key, path);
            writes.Settle(child.Id, live.Version, child.Print);
            return default;
        }

        var outcome = await ApplyAsync(child, cached, live, $"{path} differed", cancellationToken);
        if (isRepair)
        {
            repairs.Repaired(child.Id, path, child.Hash);
        }

        return outcome;
    }

    /// <summary>Who sets a field that we set too. The cache does not keep whose fields are whose.</summary>
    private async Task<string> OtherAsync(DesiredChild child, FieldPath path, CancellationToken cancellationToken) =>
        await api.FindAsync(child.Path, cancellationToken) is { } found
        && FieldOwners.Other(JsonObject.Create(found)!, path, options.Value.FieldManager) is { } manager
            ? $"field manager \"{manager}\""
            : "another writer";

    private async Task<ChildOutcome> ApplyAsync(
        DesiredChild child, ObjectVersion? cached, ObjectVersion? live, string why, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(child, live, dryRun: false, cancellationToken);
        writes.Settle(child.Id, answer.Version, child.Print);
        writes.Wrote(child.Id, cached, live, answer);
        writes.CacheShows(child.Id, child.Kind.CachedVersion(child.Key));
        Log.Applied(logger, child.Kind.Kind.Kind, child.Key, why);
        return new(Written: true, null, null);
    }

    private async Task<ObjectVersion> SendAsync(DesiredChild child, ObjectVersion? live, bool dryRun, CancellationToken cancellationToken)
    {
        var body = child.Json;
        if (live is not null)
        {
            body = (JsonObject)body.DeepClone();
            body["metadata"]!["resourceVersion"] = live.Version;
        }

        var query = $"?fieldManager={Uri.EscapeDataString(options.Value.FieldManager)}&force=true{(dryRun ? "&dryRun=All" : "")}";
        return child.Kind.AsCached(await api.SendAsync(HttpMethod.Patch, child.Path + query, body, ApiClient.ApplyPatch, cancellationToken));
    }

    private static JsonObject WithoutBookkeeping(JsonObject entity)
    {
        var rest = (JsonObject)entity.DeepClone();
        var metadata = rest["metadata"]!.AsObject();
        metadata.Remove("resourceVersion");
        metadata.Remove("generation");
        return rest;
    }
}
