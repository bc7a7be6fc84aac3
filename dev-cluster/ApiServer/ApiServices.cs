using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Admission;
using Slipway.DevCluster.ApiServer.Discovery;
using Slipway.DevCluster.ApiServer.Http;
using Slipway.DevCluster.ApiServer.OpenApi;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer;

/// <summary>The parts of the server and how they fit together.</summary>
internal sealed record ApiServices(
    ResourceCatalog Catalog, ObjectStore Store, IReadOnlyList<Func<HttpContext, CancellationToken, Task<bool>>> Endpoints)
{
    public static ApiServices Create(ApiServerOptions options)
    {
        var catalog = new ResourceCatalog(BuiltInResources.All());
        var store = new ObjectStore(options.WatchHistory);
        foreach (var definition in catalog.All)
        {
            store.Table(definition.StorageName);
        }

        var namespaces = catalog.Find("", "v1", "namespaces")!;
        var pipeline = new WritePipeline([new NamespaceLifecycle(store, namespaces)], options.Time);
        var reader = new ObjectReader(store, options.Time);
        var writer = new ObjectWriter(store, pipeline);
        var deleter = new ObjectDeleter(store, options.Time);
        var shaper = new AnswerShaper(options.Time);
        var reads = new ReadHandler(reader, new WatchStream(store, options.Time), shaper);
        var writes = new WriteHandler(writer, shaper, options.Time);
        var resources = new ResourceEndpoint(
            catalog,
            reads,
            writes,
            new DeleteHandler(reader, deleter, shaper),
            new SubresourceHandler(reads, writes, new ScaleHandler(reader, writer, shaper, options.Time)));
        var discovery = new DiscoveryHandler(catalog);
        var openApi = new OpenApiHandler(new OpenApiDocuments(catalog));
        FirstObjects.Create(writer, namespaces);
        return new ApiServices(catalog, store, [resources.TryAnswerAsync, discovery.TryAnswerAsync, openApi.TryAnswerAsync]);
    }
}
