using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Runtime;

/// <summary>How one attempt to take or renew the lease ended.</summary>
/// <param name="Holder">Who holds it now.</param>
/// <param name="Sent">The clock's timestamp from before the write was sent that made this candidate the holder; null when another one is.</param>
internal readonly record struct LeaseAttempt(string Holder, long? Sent);

/// <summary>
/// Reads and writes the lease. Whether its holder is still there is judged by this machine's monotonic clock alone: the lease is free when
/// it has not changed for its duration since it was first seen so. One caller at a time.
/// </summary>
internal sealed class LeaseCandidate(ApiClient api, LeaderElectionOptions options, string fieldManager, TimeProvider clock)
{
    private static readonly ResourceKind LeaseKind = new("coordination.k8s.io", "v1", "Lease", "leases", Namespaced: true);

    private readonly ObjectKey _key = new(options.LeaseNamespace, options.LeaseName);
    private JsonObject? _lease;
    private long _unchangedSince;

    /// <summary>Takes the lease if it is free, renews it if this candidate holds it.</summary>
    public async Task<LeaseAttempt> TryAsync(CancellationToken cancellationToken)
    {
        if (_lease is { } own && LeaseSpec.Holder(own) == options.Identity)
        {
            try
            {
                return await HoldAsync(own, cancellationToken);
            }
            catch (ApiException exception) when (exception.Status is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
            {
                // Somebody wrote or deleted it, if only this candidate's own request whose answer was lost; reading tells who holds it.
                _lease = null;
            }
        }

        if (await api.FindAsync(Path(), cancellationToken) is not { } found)
        {
            return await CreateAsync(cancellationToken);
        }

        var lease = See(found);
        var holder = LeaseSpec.Holder(lease);
        return holder.Length == 0 || holder == options.Identity || clock.GetElapsedTime(_unchangedSince) >= (LeaseSpec.Duration(lease) ?? options.LeaseDuration)
            ? await HoldAsync(lease, cancellationToken)
            : new(holder, null);
    }

    /// <summary>Gives the lease away, if this candidate holds it by all that it knows.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_lease is { } own && LeaseSpec.Holder(own) == options.Identity)
        {
            await WriteAsync(LeaseSpec.Released(own, clock.GetUtcNow()), cancellationToken);
        }
    }

    private async Task<LeaseAttempt> HoldAsync(JsonObject lease, CancellationToken cancellationToken)
    {
        var sent = clock.GetTimestamp();
        await WriteAsync(LeaseSpec.HeldBy(lease, options.Identity, options.LeaseDuration, clock.GetUtcNow()), cancellationToken);
        return new(options.Identity, sent);
    }

    private async Task<LeaseAttempt> CreateAsync(CancellationToken cancellationToken)
    {
        var sent = clock.GetTimestamp();
        var created = LeaseSpec.New(_key, options.Identity, options.LeaseDuration, clock.GetUtcNow());
        See(await api.SendAsync(HttpMethod.Post, LeaseKind.CollectionPath(_key.Namespace) + Manager(), created, ApiClient.Json, cancellationToken));
        return new(options.Identity, sent);
    }

    private async Task WriteAsync(JsonObject lease, CancellationToken cancellationToken) =>
        See(await api.SendAsync(HttpMethod.Put, Path() + Manager(), lease, ApiClient.Json, cancellationToken));

    private JsonObject See(JsonElement answer)
    {
        var seen = JsonObject.Create(answer) ?? throw new JsonException($"The API server's answer about lease {_key} is no object.");
        // A label that somebody sets is a new version of the lease, and no sign of life of its holder.
        if (_lease is null || !JsonNode.DeepEquals(_lease["spec"], seen["spec"]))
        {
            _unchangedSince = clock.GetTimestamp();
        }

        return _lease = seen;
    }

    private string Path() => LeaseKind.ObjectPath(_key);

    private string Manager() => $"?fieldManager={Uri.EscapeDataString(fieldManager)}";
}
