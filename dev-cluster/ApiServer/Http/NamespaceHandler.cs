using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>PUT of a namespace's own finalizers, by which its keeper says that nothing is left in it.</summary>
internal sealed class NamespaceHandler(ObjectWriter writer, AnswerShaper shaper)
{
    public async Task FinalizeAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var (sent, options, _) = await SentObject.ReadAsync(call, call.Definition, "UpdateOptions", cancellationToken);
        var answer = new JsonObject();
        writer.Amend(call.Request, options.DryRun, live =>
        {
            live["spec"] = sent["spec"]?.DeepClone() ?? new JsonObject();
            answer = (JsonObject)live.DeepClone();
        });
        await shaper.WriteAsync(call, 200, answer, cancellationToken);
    }
}
