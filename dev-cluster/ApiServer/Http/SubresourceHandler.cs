using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>Requests on a path below an object.</summary>
internal sealed class SubresourceHandler(ReadHandler reads, WriteHandler writes, ScaleHandler scales)
{
    public Task HandleAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var definition = call.Definition;
        if (definition.FindSubresource(call.Target.Subresource) is null)
        {
            throw definition.IsCustom ? StatusErrors.NotFound(definition, call.Target.Name) : StatusErrors.NoSuchResource();
        }

        return (call.Target.Subresource, call.Context.Request.Method) switch
        {
            ("status", "GET") => reads.GetAsync(call, cancellationToken),
            ("status", "PUT") => writes.ReplaceAsync(call, cancellationToken),
            ("status", "PATCH") => writes.PatchAsync(call, cancellationToken),
            ("status", _) => throw StatusErrors.MethodNotAllowed(),
            ("scale", _) => scales.HandleAsync(call, cancellationToken),
            _ => throw StatusErrors.NotImplemented($"{definition.Plural}/{call.Target.Subresource} is not served"),
        };
    }
}
