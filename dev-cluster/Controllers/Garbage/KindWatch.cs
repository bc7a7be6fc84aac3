using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.Controllers.Garbage;

/// <summary>What a watch of one kind saw. Both null: the kind was listed anew, and <see cref="Listed"/> is all there is.</summary>
internal sealed record KindChange(ServedKind Kind, OwnedObject? Set, string? RemovedUid, IReadOnlyList<OwnedObject>? Listed);

/// <summary>Follows the metadata of every object of one kind.</summary>
internal sealed class KindWatch(MetadataClient client, ServedKind kind, ChannelWriter<KindChange> changes, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.KindWatchFailed(logger, kind.Plural, exception.Message);
                await Task.Delay(Retry, clock, cancellationToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var list = await client.ListAsync(kind, cancellationToken) ?? throw new InvalidOperationException("it is not served");
        var version = list.ResourceVersion;
        await changes.WriteAsync(new(kind, null, null, list.Items), cancellationToken);
        while (true)
        {
            await foreach (var line in client.WatchAsync(kind, version, cancellationToken))
            {
                var type = (string)line["type"]!;
                if (type == "ERROR")
                {
                    // Too old: listed anew.
                    return;
                }

                version = (string?)line["object"]!["metadata"]!["resourceVersion"] ?? version;
                if (type != "BOOKMARK")
                {
                    var seen = OwnedObject.Read(kind, line["object"]!);
                    await changes.WriteAsync(type == "DELETED" ? new(kind, null, seen.Metadata.Uid, null) : new(kind, seen, null, null), cancellationToken);
                }
            }
        }
    }
}
