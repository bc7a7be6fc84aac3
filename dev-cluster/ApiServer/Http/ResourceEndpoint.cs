using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>Finds the resource that a path names and the handler of its verb.</summary>
internal sealed class ResourceEndpoint(
    ResourceCatalog catalog, ReadHandler reads, WriteHandler writes, DeleteHandler deletes, SubresourceHandler subresources, ReviewHandler reviews)
{
    /// <summary>False when the path is none of a resource.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (RequestTarget.Parse(context.Request.Path.Value ?? "") is not { } target)
        {
            return false;
        }

        if (Find(target) is not { } definition)
        {
            if (IsBuiltIn(target))
            {
                throw StatusErrors.NoSuchResource();
            }

            await AnswerWriter.WritePageNotFoundAsync(context, cancellationToken);
            return true;
        }

        await DispatchAsync(new ResourceCall(context, definition, target), cancellationToken);
        return true;
    }

    private Task DispatchAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        if (call.Definition.DeprecationWarning is { } warning)
        {
            AnswerWriter.AddWarnings(call.Context, [warning]);
        }

        var method = call.Context.Request.Method;
        if (call.Target.Subresource.Length > 0)
        {
            return subresources.HandleAsync(call, cancellationToken);
        }

        var isItem = call.Target.Name.Length > 0;
        return method switch
        {
            "POST" when !isItem && call.Definition.IsReview => reviews.CreateAsync(call, cancellationToken),
            _ when call.Definition.IsReview => throw (isItem ? StatusErrors.NoSuchResource() : StatusErrors.MethodNotAllowed()),
            "GET" when isItem && !call.Target.IsWatchPath => reads.GetAsync(call, cancellationToken),
            "GET" => reads.ListAsync(call, cancellationToken),
            "POST" when !isItem => writes.CreateAsync(call, cancellationToken),
            "PUT" when isItem => writes.ReplaceAsync(call, cancellationToken),
            "PATCH" when isItem => writes.PatchAsync(call, cancellationToken),
            "DELETE" when isItem => deletes.DeleteAsync(call, cancellationToken),
            "DELETE" when call.Definition.Verbs.Contains("deletecollection") => deletes.DeleteCollectionAsync(call, cancellationToken),
            "PUT" or "PATCH" when call.Definition.IsCustom => throw StatusErrors.BadRequest("name must be provided"),
            _ => throw StatusErrors.MethodNotAllowed(),
        };
    }

    /// <summary>Null also where scope and path do not fit: a namespaced object is not there without its namespace, nor the other way round.</summary>
    private ResourceDefinition? Find(RequestTarget target)
    {
        var found = catalog.Find(target.Group, target.Version, target.Resource);
        var needsNamespace = found is { Namespaced: true } && target.Name.Length > 0;
        return found is null || (needsNamespace && target.Namespace.Length == 0) || (!found.Namespaced && target.Namespace.Length > 0) ? null : found;
    }

    private bool IsBuiltIn(RequestTarget target) =>
        catalog.All.Any(d => !d.IsCustom && d.Group == target.Group && d.Version == target.Version);
}
