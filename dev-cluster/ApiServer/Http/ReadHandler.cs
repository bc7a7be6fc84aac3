using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>GET of an object, of a list, and of a watch.</summary>
internal sealed class ReadHandler(ObjectReader reader, WatchStream watches, AnswerShaper shaper)
{
    public async Task GetAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var found = await reader.GetAsync(call.Request, call.Query["resourceVersion"].ToString(), cancellationToken);
        await shaper.WriteAsync(call, 200, found.Value, cancellationToken);
    }

    public async Task ListAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var options = ListOptions.Parse(call.Query, call.Definition, call.Target.IsWatchPath, call.Target.Name);
        if (options.Watch)
        {
            var lines = watches.OpenAsync(call.Definition, call.Target.Namespace, options, cancellationToken);
            await WatchWriter.WriteAsync(call.Context, lines, shaper.ForWatch(call), cancellationToken);
            return;
        }

        var page = await reader.ListAsync(call.Definition, call.Target.Namespace, options, cancellationToken);
        await shaper.WriteListAsync(call, page, cancellationToken);
    }
}
