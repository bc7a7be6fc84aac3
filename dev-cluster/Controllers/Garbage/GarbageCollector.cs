using System.Threading.Channels;
using k8s;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.Controllers.Garbage;

/// <summary>Deletes what lost its owners, holds owners that wait for their dependents, and sets orphans free; for objects of every kind.</summary>
internal sealed class GarbageCollector : BackgroundService
{
    private const int MaxWaiting = 10_000;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Channel<KindChange> _changes = Channel.CreateBounded<KindChange>(MaxWaiting);
    private readonly OwnerGraph _graph = new();
    private readonly HashSet<string> _again = [];
    private readonly MetadataClient _client;
    private readonly KindWatches _kinds;
    private readonly Ownership _ownership;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    public GarbageCollector(IKubernetes kubernetes, TimeProvider clock, ILogger<GarbageCollector> logger)
    {
        _client = new((Kubernetes)kubernetes);
        _kinds = new(_client, _changes.Writer, clock, logger);
        _ownership = new(_client, _graph, _kinds);
        (_clock, _logger) = (clock, logger);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using (_kinds)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (_kinds.MayLag)
                {
                    Forget(await _kinds.FollowAsync(stoppingToken));
                }

                await NextAsync(stoppingToken);
            }
        }
    }

    /// <summary>One change, or a second look at what could not be decided.</summary>
    private async Task NextAsync(CancellationToken cancellationToken)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var due = Task.Delay(_again.Count > 0 || _kinds.MayLag ? Retry : Timeout.InfiniteTimeSpan, _clock, turn.Token);
        await Task.WhenAny(_changes.Reader.WaitToReadAsync(turn.Token).AsTask(), due);
        await turn.CancelAsync();
        HashSet<string> look = due.IsCompletedSuccessfully ? [.. _again] : [];
        _again.ExceptWith(look);
        while (_changes.Reader.TryRead(out var change))
        {
            _kinds.Note(change);
            look.UnionWith(Note(change));
        }

        var dependents = new LiveDependents(_client);
        foreach (var uid in look)
        {
            await EnforceSafelyAsync(uid, dependents, cancellationToken);
        }
    }

    private void Forget(IReadOnlyList<ServedKind> gone)
    {
        foreach (var known in gone.SelectMany(_graph.Of).ToList())
        {
            _again.UnionWith(Dependents(known.Metadata.Uid));
            _graph.Remove(known.Metadata.Uid);
        }
    }

    /// <summary>Takes a change into the graph and answers whom it may concern.</summary>
    private List<string> Note(KindChange change)
    {
        List<string> concerned = [];
        if (change.Listed is { } listed)
        {
            var there = listed.Select(item => item.Metadata.Uid).ToHashSet();
            foreach (var gone in _graph.Of(change.Kind).Where(known => !there.Contains(known.Metadata.Uid)))
            {
                concerned.AddRange(Remove(gone.Metadata.Uid));
            }

            foreach (var item in listed)
            {
                concerned.AddRange(Set(item));
            }
        }
        else
        {
            concerned.AddRange(change.Set is { } set ? Set(set) : Remove(change.RemovedUid!));
        }

        return concerned;
    }

    private List<string> Set(OwnedObject next)
    {
        var before = _graph.Find(next.Metadata.Uid)?.Owners.Select(owner => owner.Uid) ?? [];
        _graph.Set(next);
        return [next.Metadata.Uid, .. before, .. next.Owners.Select(owner => owner.Uid), .. next.Waits(OwnedObject.Foreground) ? Dependents(next.Metadata.Uid) : []];
    }

    private List<string> Remove(string uid)
    {
        var owners = _graph.Find(uid)?.Owners.Select(owner => owner.Uid) ?? [];
        _graph.Remove(uid);
        return [.. Dependents(uid), .. owners];
    }

    private IEnumerable<string> Dependents(string uid) => _graph.DependentsOf(uid).Select(dependent => dependent.Metadata.Uid);

    private async Task EnforceSafelyAsync(string uid, LiveDependents dependents, CancellationToken cancellationToken)
    {
        try
        {
            if (_graph.Find(uid) is { } known && !await _ownership.EnforceAsync(known, dependents, cancellationToken))
            {
                _again.Add(uid);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.CollectionFailed(_logger, uid, exception.Message);
            _again.Add(uid);
        }
    }
}
