using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>DELETE of an object and of a collection.</summary>
internal sealed class DeleteHandler(ObjectReader reader, ObjectDeleter deleter, AnswerShaper shaper)
{
    private const string OrphansLeft =
        "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

    public async Task DeleteAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var options = await ReadOptionsAsync(call, cancellationToken);
        if (call.Definition.OrphansByDefault && options.Propagation is null)
        {
            AnswerWriter.AddWarnings(call.Context, [OrphansLeft]);
        }

        var result = deleter.Delete(call.Request, options);
        var answer = result.IsGone && !call.Definition.AnswersDeletedObject ? Success(call.Definition, result.Object) : result.Object;
        await shaper.WriteAsync(call, 200, answer, cancellationToken);
    }

    /// <summary>Answers the list of what matched, as it was before.</summary>
    public async Task DeleteCollectionAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var options = await ReadOptionsAsync(call, cancellationToken);
        var selection = ListOptions.Parse(call.Query, call.Definition) with { Limit = 0 };
        var page = await reader.ListAsync(call.Definition, call.Target.Namespace, selection, cancellationToken);
        foreach (var item in page.Items)
        {
            DeleteUnlessGone(call.Request, item, options);
        }

        await shaper.WriteListAsync(call, page, cancellationToken);
    }

    private void DeleteUnlessGone(ObjectRequest collection, StoredObject item, DeleteOptions options)
    {
        try
        {
            deleter.Delete(collection with { Namespace = item.Key.Namespace, Name = item.Key.Name }, options);
        }
        catch (StatusException e) when (e.Code == 404)
        {
            // Somebody else deleted it after the list was made, which is what was wanted.
        }
    }

    private static async Task<DeleteOptions> ReadOptionsAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(call.Context.Request, cancellationToken);
        if (body.Bytes.Length == 0)
        {
            return DeleteOptions.Parse(null, call.Query);
        }

        try
        {
            return DeleteOptions.Parse(BodyReading.Read(body).Value as JsonObject, call.Query);
        }
        catch (FormatException e)
        {
            throw StatusErrors.BadRequest($"couldn't get version/kind; json parse error: {e.Message}");
        }
    }

    private static JsonObject Success(ResourceDefinition definition, JsonObject gone)
    {
        var details = new JsonObject { ["name"] = gone.Name() };
        if (definition.Group.Length > 0)
        {
            details["group"] = definition.Group;
        }

        details["kind"] = definition.Plural;
        details["uid"] = gone.MetaText("uid");
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
