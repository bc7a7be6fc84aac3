using System.Threading.Channels;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.Controllers.Garbage;

/// <summary>A watch for each kind that is served, begun and ended as definitions come and go. Used by one loop only.</summary>
internal sealed class KindWatches(MetadataClient client, ChannelWriter<KindChange> changes, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private const string Definitions = "customresourcedefinitions";

    /// <summary>A changed definition is served a moment after the change is seen.</summary>
    private const int LooksAfterChange = 2;

    private readonly Dictionary<ServedKind, (Task Run, CancellationTokenSource Stop)> _watches = [];
    private readonly HashSet<ServedKind> _listed = [];
    private int _looks = 1;

    /// <summary>True while the served kinds may be others than those that are watched.</summary>
    public bool MayLag => _looks > 0;

    /// <summary>Begins and ends watches so that they are those of the served kinds; a failure is logged, and it may lag still.</summary>
    /// <returns>The kinds that are served no more.</returns>
    public async Task<IReadOnlyList<ServedKind>> FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            var served = await client.KindsAsync(cancellationToken);
            var gone = _watches.Keys.Except(served).ToList();
            foreach (var kind in gone)
            {
                _watches.Remove(kind, out var watch);
                await watch.Stop.CancelAsync();
                _listed.Remove(kind);
            }

            foreach (var kind in served.Where(kind => kind.IsCollected && !_watches.ContainsKey(kind)))
            {
                var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                _watches[kind] = (new KindWatch(client, kind, changes, clock, logger).RunAsync(stop.Token), stop);
            }

            _looks--;
            return gone;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The collector must outlive a slow API server.
            Log.KindWatchFailed(logger, "the served kinds", exception.Message);
            return [];
        }
    }

    public void Note(KindChange change)
    {
        if (change.Kind.Plural == Definitions)
        {
            _looks = LooksAfterChange;
        }

        if (change.Listed is not null)
        {
            _listed.Add(change.Kind);
        }
    }

    /// <summary>The kind of an owner, once all its objects are known; null when nothing can be said of them (yet).</summary>
    public ServedKind? FindListed(V1OwnerReference owner)
    {
        var group = owner.ApiVersion.Contains('/', StringComparison.Ordinal) ? owner.ApiVersion.Split('/')[0] : "";
        var kind = _watches.Keys.FirstOrDefault(kind => kind.Kind == owner.Kind && kind.Group == group);
        if (kind is null)
        {
            // It may be served since the last look at the kinds, and no other change may ever call for another.
            _looks = Math.Max(_looks, 1);
        }

        return kind is not null && _listed.Contains(kind) ? kind : null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (run, stop) in _watches.Values)
        {
            await stop.CancelAsync();
            await run.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            stop.Dispose();
        }
    }
}
