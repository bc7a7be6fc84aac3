using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>One line of a watch. <paramref name="Object"/> must not be changed: it may be the stored one.</summary>
internal readonly record struct WatchLine(string Type, JsonObject Object, StoredObject? Stored = null);

/// <summary>The events of one watch, until its time is over, its client is gone or its resource is no longer served.</summary>
internal sealed class WatchStream(ObjectStore store, TimeProvider time)
{
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BookmarkBeforeEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestDefault = TimeSpan.FromMinutes(30);
    private int _open;

    /// <summary>Watches that have begun and not yet ended, however they end.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <exception cref="StatusException">500 when the resourceVersion is no number; thrown before the first line.</exception>
    public IAsyncEnumerable<WatchLine> OpenAsync(
        ResourceDefinition definition, string ns, ListOptions options, CancellationToken cancellationToken)
    {
        var from = options.ResourceVersion.Length == 0 ? 0 : Revision(options.ResourceVersion);
        return CountAsync(RunAsync(definition, ns, options, from, cancellationToken), cancellationToken);
    }

    private async IAsyncEnumerable<WatchLine> CountAsync(
        IAsyncEnumerable<WatchLine> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _open);
        try
        {
            await foreach (var line in lines.WithCancellation(cancellationToken))
            {
                yield return line;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static long Revision(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? (long)Math.Min(revision, long.MaxValue)
            : throw new StatusException(
                500, "", $"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private async IAsyncEnumerable<WatchLine> RunAsync(
        ResourceDefinition definition,
        string ns,
        ListOptions options,
        long from,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = store.Table(definition.StorageName);
        var filter = new WatchFilter(ns, options);
        var (now, current) = store.Read(table);
        var start = from == 0 || options.SendInitialEvents == true ? now : from;
        if (options.SendInitialEvents ?? from == 0)
        {
            foreach (var stored in current.In(ns.Length == 0 ? null : ns).Where(filter.Matches))
            {
                yield return StoredForm.Read(definition, new WatchLine("ADDED", stored.Value, stored));
            }

            if (options.SendInitialEvents == true && options.AllowBookmarks)
            {
                yield return Bookmark(definition, now, endsInitialEvents: true);
            }
        }

        var duration = options.Timeout ?? ShortestDefault * (1 + Random.Shared.NextDouble());
        using var ended = new CancellationTokenSource(duration, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, cancellationToken);
        var bookmarks = new BookmarkClock(time, duration);
        var cursor = new WatchCursor(table, start);
        while (!either.IsCancellationRequested)
        {
            // Looked at first: what was written before the end is told before the watch ends.
            var isClosed = cursor.IsClosed;
            var changed = cursor.Changed;
            var reached = store.Revision;
            if (cursor.Read() is not { } events)
            {
                yield return new WatchLine("ERROR", TooOld(cursor, table));
                yield break;
            }

            foreach (var line in events.Select(filter.Line).OfType<WatchLine>())
            {
                yield return StoredForm.Read(definition, line);
            }

            if (events.Count > 0)
            {
                continue;
            }

            if (isClosed)
            {
                yield break;
            }

            if (options.AllowBookmarks && bookmarks.IsDue())
            {
                cursor.SkipTo(reached);
                yield return Bookmark(definition, cursor.Position, endsInitialEvents: false);
            }

            await bookmarks.WaitAsync(changed, either.Token);
        }
    }

    private static JsonObject TooOld(WatchCursor cursor, ObjectTable table) =>
        StatusErrors.Expired($"too old resource version: {cursor.Position} ({table.ForgottenUpTo})").ToStatus();

    private static WatchLine Bookmark(ResourceDefinition definition, long revision, bool endsInitialEvents)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (endsInitialEvents)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var bookmark = definition.NewObject();
        bookmark["metadata"] = metadata;
        return new WatchLine("BOOKMARK", bookmark);
    }

    /// <summary>When to send the next bookmark: every minute, and once shortly before the end.</summary>
    private sealed class BookmarkClock(TimeProvider time, TimeSpan duration)
    {
        private readonly long _start = time.GetTimestamp();
        private TimeSpan _next = Sooner(BookmarkEvery, duration);

        public bool IsDue()
        {
            var elapsed = time.GetElapsedTime(_start);
            if (elapsed < _next)
            {
                return false;
            }

            _next = _next >= duration - BookmarkBeforeEnd ? TimeSpan.MaxValue : Sooner(elapsed + BookmarkEvery, duration);
            return true;
        }

        /// <summary>Waits for a change, for the next bookmark or for the end of the watch, whichever is first.</summary>
        public async Task WaitAsync(Task changed, CancellationToken cancellationToken)
        {
            try
            {
                if (_next == TimeSpan.MaxValue)
                {
                    await changed.WaitAsync(cancellationToken);
                }
                else
                {
                    var left = _next - time.GetElapsedTime(_start);
                    await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
                }
            }
            catch (TimeoutException)
            {
                // The next bookmark is due; the loop sees that.
            }
            catch (OperationCanceledException)
            {
                // The watch is over; the loop sees that.
            }
        }

        private static TimeSpan Sooner(TimeSpan next, TimeSpan duration) =>
            duration > BookmarkBeforeEnd && duration - BookmarkBeforeEnd < next ? duration - BookmarkBeforeEnd : next;
    }
}
