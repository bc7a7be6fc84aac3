using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Slipway.Runtime;

/// <summary>What a controller of <typeparamref name="TEntity"/> listens to, and how many workers it has.</summary>
public sealed class ControllerBuilder<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly IServiceCollection _services;
    private readonly InformerRegistrations _informers;
    private readonly ResourceKind _kind = ResourceKind.Of<TEntity>();
    private readonly List<Func<IServiceProvider, IKeySource>> _sources = [];

    internal ControllerBuilder(IServiceCollection services, InformerRegistrations informers)
    {
        _services = services;
        _informers = informers;
        Name = _kind.Kind.ToLowerInvariant();
    }

    internal string Name { get; private set; }

    internal int WorkerCount { get; private set; } = 1;

    internal string EntitySelector { get; private set; } = "";

    internal IReadOnlyList<Func<IServiceProvider, IKeySource>> Sources => _sources;

    /// <summary>
    /// Objects of <typeparamref name="T"/> are children: a change enqueues the entity that is their controller owner, and the applier
    /// writes and prunes this kind. <paramref name="labelSelector"/> limits what is cached; every child must match it. An
    /// <paramref name="optional"/> kind may be missing, which nobody is warned of; a child of it is then a problem and no failure. A kind that <paramref name="standsAlone"/> never takes the place of
    /// another: trouble with a child of it keeps none but its own kind from being pruned.
    /// </summary>
    public ControllerBuilder<TEntity> Owns<T>(string labelSelector = "", bool optional = false, bool standsAlone = false)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _informers.Add<T>(labelSelector, optional);
        Watches<T>(child => ControllerOwner.KeyOf(_kind, child), labelSelector);
        _sources.Insert(0, Progress<T>);
        var kind = ResourceKind.Of<T>();
        _services.AddSingleton(new ResourceAccess(kind.Group, kind.Plural, ["get", "create", "patch", "delete"]));
        _services.AddSingleton<OwnedKind>(provider => new OwnedKind<TEntity, T>(provider.GetRequiredService<Informer<T>>()) { Optional = optional, StandsAlone = standsAlone });
        return this;
    }

    internal static IKeySource Progress<T>(IServiceProvider provider)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        new CacheProgress<T>(provider.GetRequiredService<Informer<T>>(), provider.GetRequiredService<OwnWrites>());

    /// <summary>A change of an object of <typeparamref name="T"/> enqueues the entities that <paramref name="keys"/> names; it must be quick and not throw.</summary>
    public ControllerBuilder<TEntity> Watches<T>(Func<T, IEnumerable<ObjectKey>> keys, string labelSelector = "")
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(keys);
        _informers.Add<T>(labelSelector);
        _sources.Add(provider => new KeySource<T>(provider.GetRequiredService<Informer<T>>(), keys));
        return this;
    }

    /// <summary>
    /// Asks the API server at an interval whether it has these APIs, named <c>group</c>, <c>group/version</c> or <c>group/version/plural</c>. When one
    /// comes or goes every entity is reconciled; <see cref="IApiDiscovery"/> tells which are there.
    /// </summary>
    public ControllerBuilder<TEntity> Discovers(params string[] apis)
    {
        ArgumentNullException.ThrowIfNull(apis);
        foreach (var api in apis)
        {
            _services.AddSingleton(new DiscoveredApi(api));
        }

        _services.TryAddSingleton<IApiDiscovery>(provider => provider.GetRequiredService<ApiDiscovery>());
        _services.TryAddEnumerable(ServiceDescriptor.Singleton<IInformer, ApiDiscovery>(provider => provider.GetRequiredService<ApiDiscovery>()));
        _sources.Add(provider => new DiscoverySource<TEntity>(provider.GetRequiredService<ApiDiscovery>(), provider.GetRequiredService<IObjectStore<TEntity>>()));
        return this;
    }

    /// <summary>Entities are reconciled too when a source that is not the API says so.</summary>
    public ControllerBuilder<TEntity> Listens(Func<IServiceProvider, IKeySource> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _sources.Add(source);
        return this;
    }

    /// <summary>Limits the entities themselves to those that match the label selector; by default all.</summary>
    public ControllerBuilder<TEntity> Selecting(string labelSelector)
    {
        EntitySelector = labelSelector;
        return this;
    }

    /// <summary>Entities that are reconciled at the same time, 1 to 256; 1 by default.</summary>
    public ControllerBuilder<TEntity> Workers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 256);
        WorkerCount = count;
        return this;
    }

    /// <summary>The controller's name in metrics and logs, unique in the host; by default the kind in lower case.</summary>
    public ControllerBuilder<TEntity> Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        return this;
    }
}
