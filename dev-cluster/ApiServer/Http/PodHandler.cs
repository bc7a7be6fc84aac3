using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>What only pods have below them: binding to a node, and eviction.</summary>
internal sealed class PodHandler(PodBinder binder, PodEvictor evictor)
{
    public async Task BindAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var (binding, options) = await ReadAsync(call, cancellationToken);
        binder.Bind(call.Request, binding, options.DryRun);
        await CreatedAsync(call, cancellationToken);
    }

    public async Task EvictAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var (eviction, options) = await ReadAsync(call, cancellationToken);
        var deletion = DeleteOptions.Parse(eviction["deleteOptions"] as JsonObject ?? [], call.Query);
        evictor.Evict(call.Request, deletion with { DryRun = deletion.DryRun || options.DryRun });
        await CreatedAsync(call, cancellationToken);
    }

    private static async Task<(JsonObject Body, WriteOptions Options)> ReadAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var options = WriteOptions.Parse(call.Query, "CreateOptions", isApply: false);
        var body = await RequestBody.ReadAsync(call.Context.Request, cancellationToken);
        var value = BodyReading.ReadObject(body, call.Definition).Value;
        return value.Name() is { Length: > 0 } name && name != call.Target.Name
            ? throw StatusErrors.BadRequest($"name in URL does not match name in {value["kind"]} object")
            : (value, options);
    }

    private static Task CreatedAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        };
        return AnswerWriter.WriteAsync(call.Context, 201, status, call.Format, cancellationToken);
    }
}
