using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Admission;
using Slipway.DevCluster.ApiServer.Authentication;
using Slipway.DevCluster.ApiServer.Authorization;
using Slipway.DevCluster.ApiServer.Discovery;
using Slipway.DevCluster.ApiServer.Http;
using Slipway.DevCluster.ApiServer.Metrics;
using Slipway.DevCluster.ApiServer.OpenApi;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer;

/// <summary>The parts of the server and how they fit together.</summary>
internal sealed record ApiServices(
    ResourceCatalog Catalog,
    ObjectStore Store,
    WatchStream Watches,
    AccessControl Access,
    IReadOnlyList<Func<HttpContext, CancellationToken, Task<bool>>> Endpoints)
{
    /// <param name="options">How the server was asked to start.</param>
    /// <param name="state">What it holds; to the bearer of its token everything is allowed.</param>
    public static ApiServices Create(ApiServerOptions options, ApiServerState state)
    {
        var catalog = new ResourceCatalog(BuiltInResources.All());
        var store = state.Store;
        foreach (var definition in catalog.All.Where(definition => !definition.IsReview))
        {
            store.Table(definition.StorageName);
        }

        var authorizer = new RbacAuthorizer(store);
        var tokens = new ServiceAccountTokens(store, catalog, options.Time);
        var pipeline = new WritePipeline(Admissions(options, catalog, store, authorizer), options.Time);
        var reader = new ObjectReader(store, options.Time);
        var writer = new ObjectWriter(store, pipeline);
        var deleter = new ObjectDeleter(store, options.Time);
        var shaper = new AnswerShaper(options.Time);
        var watches = new WatchStream(store, options.Time);
        var reads = new ReadHandler(reader, watches, shaper);
        var writes = new WriteHandler(writer, shaper, options.Time);
        var resources = new ResourceEndpoint(
            catalog,
            reads,
            writes,
            new DeleteHandler(reader, deleter, shaper),
            new SubresourceHandler(
                reads,
                writes,
                new ScaleHandler(reader, writer, shaper, options.Time),
                new PodHandler(
                    new PodBinder(writer, options.Time),
                    new PodEvictor(store, writer, deleter, catalog.Find("policy", "v1", "poddisruptionbudgets")!, options.Time)),
                new PodLogHandler(reader, options.PodLogs, options.Time),
                new NamespaceHandler(writer, shaper),
                new TokenHandler(tokens, store, shaper, options.Time)),
            new ReviewHandler(new AccessReviews(authorizer, tokens), shaper, options.Time));
        var discovery = new DiscoveryHandler(catalog, options.PodMetrics is { } measured ? MetricResources.Groups(measured.Figures) : []);
        var openApi = new OpenApiHandler(new OpenApiDocuments(catalog));
        if (options.State is null)
        {
            FirstObjects.Create(writer, catalog);
        }

        var endpoints = new List<Func<HttpContext, CancellationToken, Task<bool>>> { resources.TryAnswerAsync, discovery.TryAnswerAsync, openApi.TryAnswerAsync };
        if (options.PodMetrics is { } metrics)
        {
            // Before the resources, which would deny that these groups exist.
            endpoints.Insert(0, new MetricsEndpoint(reader, catalog.Find("", "v1", "pods")!, metrics).TryAnswerAsync);
        }

        var access = new AccessControl(new Authenticator(state.Token, tokens), new Impersonation(authorizer), authorizer);
        return new ApiServices(catalog, store, watches, access, endpoints);
    }

    /// <summary>In the order in which they see an object.</summary>
    private static IReadOnlyList<IAdmission> Admissions(
        ApiServerOptions options, ResourceCatalog catalog, ObjectStore store, RbacAuthorizer authorizer) =>
    [
        new NamespaceLifecycle(store, catalog.Find("", "v1", "namespaces")!),
        new DefinitionLifecycle(store, catalog.Find("apiextensions.k8s.io", "v1", "customresourcedefinitions")!),
        new PodServiceAccount(store, catalog.Find("", "v1", "serviceaccounts")!),
        new PodScheduling(),
        new RoleEscalation(authorizer),
        new ServiceAddresses(store, catalog.Find("", "v1", "services")!, options.ServiceAddresses),
    ];
}
