using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>Which kinds the host caches, and with which selector: one informer per type.</summary>
internal sealed class InformerRegistrations(IServiceCollection services)
{
    private readonly Dictionary<Type, string> _selectors = [];

    /// <exception cref="InvalidOperationException">The type is cached already, with another selector.</exception>
    public void Add<T>(string labelSelector, bool optional = false)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (_selectors.TryGetValue(typeof(T), out var known))
        {
            if (known != labelSelector)
            {
                throw new InvalidOperationException(
                    $"{typeof(T).Name} is cached once for the whole host, but with two label selectors: \"{known}\" and \"{labelSelector}\". Use one selector in every AddInformer, Owns, Watches and Selecting of this type.");
            }

            return;
        }

        var kind = ResourceKind.Of<T>();
        _selectors.Add(typeof(T), labelSelector);
        services.AddSingleton(new ResourceAccess(kind.Group, kind.Plural, ["list", "watch"]));
        services.AddSingleton(provider => new Informer<T>(
            provider.GetRequiredService<ApiClient>(),
            provider.GetRequiredService<IOptions<KubernetesRuntimeOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Informer<T>>>(),
            labelSelector,
            optional));
        services.AddSingleton<IInformer>(provider => provider.GetRequiredService<Informer<T>>());
        services.AddSingleton(provider => provider.GetRequiredService<Informer<T>>().Store);
    }
}
