using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>Adds controllers and caches to a runtime.</summary>
public sealed class KubernetesRuntimeBuilder
{
    private readonly InformerRegistrations _informers;

    internal KubernetesRuntimeBuilder(IServiceCollection services)
    {
        Services = services;
        _informers = new(services);
    }

    public IServiceCollection Services { get; }

    /// <summary>Caches a kind that some service reads, though no controller listens to it.</summary>
    public KubernetesRuntimeBuilder AddInformer<T>(string labelSelector = "")
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _informers.Add<T>(labelSelector);
        return this;
    }

    /// <summary>
    /// Controllers and events wait until this process holds a Lease that it shares with other replicas; caches are filled before. A write of one
    /// whose time is over is a <see cref="NotLeaderException"/>, and losing the lease stops the host (see <see cref="ILeaderStatus"/>).
    /// </summary>
    public KubernetesRuntimeBuilder AddLeaderElection(Action<LeaderElectionOptions> configure)
    {
        LeaderElectionRegistration.Add(Services, configure);
        return this;
    }

    /// <summary>Runs <typeparamref name="TController"/>, one instance for the life of the host, for every <typeparamref name="TEntity"/>.</summary>
    public KubernetesRuntimeBuilder AddController<TController, TEntity>(Action<ControllerBuilder<TEntity>>? configure = null)
        where TController : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var builder = new ControllerBuilder<TEntity>(Services, _informers);
        configure?.Invoke(builder);
        _informers.Add<TEntity>(builder.EntitySelector);
        var kind = ResourceKind.Of<TEntity>();
        Services.AddSingleton(new ResourceAccess(kind.Group, $"{kind.Plural}/status", ["patch"]));
        // Children block the deletion of their owner, which OwnerReferencesPermissionEnforcement wants to see granted.
        Services.AddSingleton(new ResourceAccess(kind.Group, $"{kind.Plural}/finalizers", ["update"]));
        Services.TryAddSingleton<TController>();
        Services.AddSingleton<IControllerLoop>(provider =>
        {
            var entities = provider.GetRequiredService<Informer<TEntity>>();
            return new ControllerLoop<TEntity>(
                new(builder.Name, builder.WorkerCount, provider.GetRequiredService<IOptions<KubernetesRuntimeOptions>>().Value.ResyncPeriod),
                provider.GetRequiredService<TController>(),
                entities.Store,
                provider.GetRequiredService<OwnWrites>(),
                [
                    ControllerBuilder<TEntity>.Progress<TEntity>(provider),
                    new KeySource<TEntity>(entities, static entity => [entity.Key()]),
                    new LostChildren(kind, provider.GetRequiredService<OwnWrites>()),
                    .. builder.Sources.Select(source => source(provider)),
                ],
                provider.GetRequiredService<RuntimeMetrics>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<TController>>());
        });
        return this;
    }
}
