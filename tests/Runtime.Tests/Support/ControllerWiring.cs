using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Runtime.Tests;

internal static class ControllerWiring
{
    /// <summary>Adds a controller that the test made itself.</summary>
    public static void AddController<TController, TEntity>(
        this KubernetesRuntimeBuilder kubernetes, Action<ControllerBuilder<TEntity>>? wire, TController controller)
        where TController : class, IEntityController<TEntity>
        where TEntity : class, k8s.IKubernetesObject<k8s.Models.V1ObjectMeta>
    {
        kubernetes.Services.AddSingleton(controller);
        kubernetes.AddController<TController, TEntity>(wire);
    }
}
