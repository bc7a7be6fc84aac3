using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>Requests on a path below an object.</summary>
internal sealed class SubresourceHandler(
    ReadHandler reads, WriteHandler writes, ScaleHandler scales, PodHandler pods, PodLogHandler logs, NamespaceHandler namespaces, TokenHandler tokens)
{
    public Task HandleAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var definition = call.Definition;
        var subresource = call.Target.Subresource;
        if (definition.RefusedSubresources.Contains(subresource.Split('/')[0]))
        {
            throw StatusErrors.NotImplemented($"{definition.Plural}/{subresource} is not served by this API server");
        }

        if (definition.FindSubresource(subresource) is null)
        {
            throw definition.IsCustom ? StatusErrors.NotFound(definition, call.Target.Name) : StatusErrors.NoSuchResource();
        }

        return (subresource, call.Context.Request.Method) switch
        {
            ("scale", _) => scales.HandleAsync(call, cancellationToken),
            ("status", "GET") => reads.GetAsync(call, cancellationToken),
            ("status", "PUT") => writes.ReplaceAsync(call, cancellationToken),
            ("status", "PATCH") => writes.PatchAsync(call, cancellationToken),
            ("binding", "POST") => pods.BindAsync(call, cancellationToken),
            ("eviction", "POST") => pods.EvictAsync(call, cancellationToken),
            ("token", "POST") => tokens.HandleAsync(call, cancellationToken),
            ("log", "GET") => logs.HandleAsync(call, cancellationToken),
            ("finalize", "PUT") => namespaces.FinalizeAsync(call, cancellationToken),
            _ => throw StatusErrors.MethodNotAllowed(),
        };
    }
}
