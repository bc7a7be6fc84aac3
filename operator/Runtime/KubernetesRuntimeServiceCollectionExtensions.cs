using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

public static class KubernetesRuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Adds informers, controllers, applier, status writer and event recorder; they write from the start, unless
    /// <see cref="KubernetesRuntimeBuilder.AddLeaderElection"/> has them wait for their turn. The host brings <see cref="IKubernetes"/>, and may bring a
    /// <see cref="TimeProvider"/>. Call it once for a host.
    /// </summary>
    public static KubernetesRuntimeBuilder AddKubernetesRuntime(this IServiceCollection services, Action<KubernetesRuntimeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<KubernetesRuntimeOptions>().Configure(configure ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SoleLeader>();
        services.AddSingleton<ILeadership>(provider => provider.GetRequiredService<SoleLeader>());
        services.AddSingleton<ILeaderStatus>(provider => provider.GetRequiredService<SoleLeader>());
        services.AddSingleton<IWriteGuard>(provider => provider.GetRequiredService<SoleLeader>());
        services.AddSingleton(provider => new ApiClient(
            provider.GetRequiredService<IKubernetes>(),
            provider.GetRequiredService<IOptions<KubernetesRuntimeOptions>>().Value.RequestTimeout,
            provider.GetRequiredService<IWriteGuard>(),
            new ServerPause(provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<RuntimeMetrics>().Requests,
            provider.GetRequiredService<TimeProvider>())
        {
            MaxAnswerBytes = provider.GetRequiredService<IOptions<KubernetesRuntimeOptions>>().Value.MaxAnswerBytes,
        });
        services.AddSingleton<RuntimeMetrics>();
        services.AddSingleton<IInformerSync, InformerSync>();
        services.AddSingleton<OwnWrites>();
        services.AddSingleton<RepairLog>();
        services.AddSingleton<ApiDiscovery>();
        services.AddSingleton<ChildWriter>();
        services.AddSingleton<IObjectApplier, ObjectApplier>();
        services.AddSingleton<IStatusWriter, StatusWriter>();
        services.AddSingleton(new ResourceAccess("", "events", ["create", "patch"]));
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());
        services.AddHostedService<RuntimeHost>();
        return new(services);
    }
}
