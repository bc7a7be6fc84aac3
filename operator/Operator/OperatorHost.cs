using System.Diagnostics.Metrics;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Hosting;
using OpenTelemetry.Metrics;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Monitoring;
using Slipway.Operator.Observe;
using Slipway.Operator.Upgrades;
using Slipway.Runtime;
using Slipway.Telemetry;

namespace Slipway.Operator;

/// <summary>Puts the operator together; the command line and dev-cluster both run what is built here.</summary>
public static class OperatorHost
{
    /// <summary>The name by which the operator owns fields, writes events and introduces itself to the API server.</summary>
    public const string UserAgent = "slipway-operator";

    private const string MeterName = "Slipway.Operator";

    /// <summary>Not started yet: start and stop it as any host.</summary>
    /// <param name="options">As the command line gives them.</param>
    /// <param name="adjust">Changes the services last, such as the clock; null leaves them.</param>
    public static WebApplication Build(OperatorOptions options, Action<IServiceCollection>? adjust = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        ConsoleLog.AddTo(builder.Logging, json: Console.IsOutputRedirected, scopes: true);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Listen));
        builder.Services
            .AddRoutingCore()
            .AddSingleton(options)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IHostLifetime, CallerLifetime>()
            .AddSingleton<IKubernetes>(_ => ApiConnection.Open(options.Kubernetes))
            .AddSlipway(options)
            .ConfigureOpenTelemetryMeterProvider(OwnMetersOnly)
            .AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(RuntimeMetricNames.Meter, MeterName).AddPrometheusExporter());
        OtlpTraces.AddTo(builder, UserAgent, OperatorOptions.Version, RuntimeTraces.SourceName);
        adjust?.Invoke(builder.Services);

        var app = builder.Build();
        UpgradeMetrics.Observe(app.Services.GetRequiredService<IMeterFactory>().Create(MeterName), app.Services.GetRequiredService<UpgradeQueue>());
        app.Use(next => context => ModelMetrics.AppendAsync(context, next));
        app.MapPrometheusScrapingEndpoint();
        app.MapGet("/healthz", () => "ok");
        app.MapGet("/readyz", (IInformerSync sync) => sync.HasSynced ? Results.Ok("ok") : Results.Text("the cache is not filled yet", statusCode: 503));
        return app;
    }

    /// <summary>
    /// An exporter hears every meter of its names in the process, takes instruments of one name for one, and gives them up when any of them ends. Where
    /// other runtimes share the process, as in a local cluster, theirs are left out by the factory that made them.
    /// </summary>
    private static void OwnMetersOnly(IServiceProvider services, MeterProviderBuilder metrics)
    {
        var own = services.GetRequiredService<IMeterFactory>();
        metrics.AddView(instrument => ReferenceEquals(instrument.Meter.Scope, own) ? null : MetricStreamConfiguration.Drop);
    }

    /// <summary>What an operator with these options asks of the API.</summary>
    internal static IReadOnlyList<ResourceAccess> Access(OperatorOptions options) =>
        [.. new ServiceCollection().AddSlipway(options).Select(service => service.ImplementationInstance).OfType<ResourceAccess>()];

    private static IServiceCollection AddSlipway(this IServiceCollection services, OperatorOptions options)
    {
        services.AddHttpClient<ServerStatusReader>(client =>
        {
            client.Timeout = ServerStatusReader.Timeout;
            client.MaxResponseContentBufferSize = ServerStatusReader.MaxBytes;
        }).ConfigurePrimaryHttpMessageHandler(ManagementReader.Handler).RemoveAllLoggers();
        services.AddHttpClient<ServerWindowReader>(client =>
        {
            client.Timeout = ServerWindowReader.Timeout;
            client.MaxResponseContentBufferSize = ServerWindowReader.MaxBytes;
        }).ConfigurePrimaryHttpMessageHandler(ManagementReader.Handler).RemoveAllLoggers();
        services.AddSingleton<SilentPods>();
        services.AddSingleton(provider => new ReportReader(
            provider.GetRequiredService<ServerStatusReader>(), provider.GetRequiredService<SilentPods>(), Math.Max(1, options.Workers / 2), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DriftReader>();
        services.AddSingleton<DriftWatch>();
        services.AddSingleton<ScalerReader>();
        services.AddSingleton<PrometheusReader>();
        services.AddSingleton<Observer>();
        services.AddSingleton<Announcer>();
        services.AddSingleton<EarlierTurns>();
        services.AddSingleton(provider => new UpgradeQueue(
            options.UpgradeConcurrency, provider.GetRequiredService<EarlierTurns>().Find, provider.GetRequiredService<ILogger<UpgradeQueue>>()));
        var kubernetes = services.AddKubernetesRuntime(runtime =>
            {
                runtime.FieldManager = Names.ManagedBy;
                runtime.AppliedHashAnnotation = Names.AppliedHash;
                runtime.EventSource = UserAgent;
                runtime.Namespaces = options.WatchNamespaces;
                runtime.IndexedLabels = [Names.ModelLabel];
            })
            .AddController<ModelDeploymentController, ModelDeployment>(controller => controller
                .Owns<V1Deployment>(Names.ManagedBySelector)
                .Owns<V1Service>(Names.ManagedBySelector)
                .Owns<V1ConfigMap>(Names.ManagedBySelector)
                .Owns<V1ControllerRevision>(Names.ManagedBySelector)
                .Owns<V1ServiceAccount>(Names.ManagedBySelector)
                .Owns<V1PodDisruptionBudget>(Names.ManagedBySelector)
                .Owns<V1NetworkPolicy>(Names.ManagedBySelector)
                .Owns<V2HorizontalPodAutoscaler>(Names.ManagedBySelector)
                .Owns<ScaledObject>(Names.ManagedBySelector, optional: true)
                .Owns<ServiceMonitor>(Names.ManagedBySelector, optional: true, standsAlone: true)
                .Owns<PrometheusRule>(Names.ManagedBySelector, optional: true, standsAlone: true)
                .Watches<V2HorizontalPodAutoscaler>(KeysOf, Names.ManagedBySelector)
                .Discovers([.. ScalerReader.OptionalApis, .. PrometheusReader.OptionalApis])
                .Listens(provider => provider.GetRequiredService<UpgradeQueue>())
                .Listens(provider => provider.GetRequiredService<DriftWatch>())
                .Watches<V1ReplicaSet>(KeysOf, Names.ModelLabel)
                .Watches<V1Pod>(KeysOf, Names.ModelLabel)
                .Workers(options.Workers));
        if (options.Lease is { } lease)
        {
            kubernetes.AddLeaderElection(election => (election.LeaseNamespace, election.LeaseName) = (lease.Namespace, lease.Name));
        }

        return services;
    }

    private static IEnumerable<ObjectKey> KeysOf(IKubernetesObject<V1ObjectMeta> child) =>
        child.Metadata.Labels?.TryGetValue(Names.ModelLabel, out var model) == true ? [new(child.Metadata.NamespaceProperty, model)] : [];
}
