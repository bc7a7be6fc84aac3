using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Slipway.Runtime;

public static class KubernetesRuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Adds informers, controllers, applier, status writer and event recorder. The host brings <see cref="k8s.IKubernetes"/>, and may bring a
    /// <see cref="TimeProvider"/>. Call it once for a host.
    /// </summary>
    public static KubernetesRuntimeBuilder AddKubernetesRuntime(this IServiceCollection services, Action<KubernetesRuntimeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<KubernetesRuntimeOptions>().Configure(configure ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ApiClient>();
        services.AddSingleton<RuntimeMetrics>();
        services.AddSingleton<IInformerSync, InformerSync>();
        services.AddSingleton<OwnWrites>();
        services.AddSingleton<RepairLog>();
        services.AddSingleton<ChildWriter>();
        services.AddSingleton<IObjectApplier, ObjectApplier>();
        services.AddSingleton<IStatusWriter, StatusWriter>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());
        services.AddHostedService<RuntimeHost>();
        return new(services);
    }
}
