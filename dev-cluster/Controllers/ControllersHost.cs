using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.DevCluster.Controllers.Deployments;
using Slipway.DevCluster.Controllers.Disruption;
using Slipway.DevCluster.Controllers.Endpoints;
using Slipway.DevCluster.Controllers.Garbage;
using Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;
using Slipway.DevCluster.Controllers.Jobs;
using Slipway.DevCluster.Controllers.Namespaces;
using Slipway.DevCluster.Controllers.ReplicaSets;
using Slipway.DevCluster.Controllers.Roles;
using Slipway.DevCluster.Controllers.Scheduling;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers;

/// <summary>Puts the controllers and the scheduler together; they are clients of the API server like any other.</summary>
internal static class ControllersHost
{
    public const string UserAgent = "slipway-dev-controllers";

    /// <summary>Not started yet. <paramref name="authority"/> is the API server's certificate authority, as PEM text.</summary>
    public static IHost Build(KubernetesClientConfiguration configuration, string authority, HorizontalPodAutoscalerOptions autoscaling)
    {
        var builder = ClientHost.Builder(configuration);
        IServiceProvider? provider = null;
        builder.Services
            .AddSingleton(new ClusterAuthority(authority))
            .AddSingleton(autoscaling)
            .AddSingleton<ApiCall>()
            .AddSingleton<ScaleClient>()
            .AddSingleton<MetricsReader>()
            .AddSingleton<MetricEvaluator>()
            .AddSingleton<ReplicaSetWriter>()
            .AddSingleton<NamespaceEmptier>()
            .AddHostedService<GarbageCollector>();
        IReadOnlyList<T> Cached<T>()
            where T : class, IKubernetesObject<V1ObjectMeta> => provider!.GetRequiredService<IObjectStore<T>>().List();
        builder.Services.AddKubernetesRuntime(runtime =>
            {
                runtime.FieldManager = ApiWrite.Controllers;
                runtime.EventSource = UserAgent;
            })
            .AddController<DeploymentController, V1Deployment>(controller => controller.Watches<V1ReplicaSet>(set => OwnerOrSelecting(set, "Deployment", Cached<V1Deployment>(), deployment => deployment.Spec.Selector)).Watches<V1Pod>(pod => DeploymentsOf(pod, Cached<V1ReplicaSet>())).Workers(4))
            .AddController<ReplicaSetController, V1ReplicaSet>(controller => controller.Watches<V1Pod>(pod => OwnerOrSelecting(pod, "ReplicaSet", Cached<V1ReplicaSet>(), set => set.Spec.Selector)).Workers(4))
            .AddController<PodBinder, V1Pod>(controller => controller.Watches<V1Node>(_ => Cached<V1Pod>().Where(pod => string.IsNullOrEmpty(pod.Spec.NodeName)).Select(pod => pod.Key())))
            .AddController<ServiceController, V1Service>(controller => controller
                .Watches<V1Pod>(pod => InNamespace<V1Service>(pod, Cached<V1Service>()))
                .Watches<V1EndpointSlice>(slice => slice.ControllerReference() is { Kind: "Service" } owner ? [new(slice.Metadata.NamespaceProperty, owner.Name)] : [])
                .Watches<V1Endpoints>(endpoints => [endpoints.Key()]))
            .AddController<EndpointsCleaner, V1Endpoints>(controller => controller.Watches<V1Service>(service => [service.Key()]))
            .AddController<DisruptionController, V1PodDisruptionBudget>(controller => controller
                .Watches<V1Pod>(pod => InNamespace<V1PodDisruptionBudget>(pod, Cached<V1PodDisruptionBudget>()))
                .Watches<V1ReplicaSet>(set => InNamespace<V1PodDisruptionBudget>(set, Cached<V1PodDisruptionBudget>()))
                .Watches<V1Deployment>(deployment => InNamespace<V1PodDisruptionBudget>(deployment, Cached<V1PodDisruptionBudget>())))
            .AddController<JobController, V1Job>(controller => controller.Watches<V1Pod>(pod => pod.ControllerReference() is { Kind: "Job" } owner ? [new(pod.Metadata.NamespaceProperty, owner.Name)] : []).Workers(4))
            .AddController<JobPodReleaser, V1Pod>(controller => controller.Named("jobpod").Watches<V1Job>(job => InNamespace<V1Pod>(job, Cached<V1Pod>())))
            .AddController<HorizontalPodAutoscalerController, V2HorizontalPodAutoscaler>(controller => controller.Workers(4))
            .AddController<NamespaceController, V1Namespace>(controller => controller
                .Watches<V1ServiceAccount>(account => [new("", account.Metadata.NamespaceProperty)])
                .Watches<V1ConfigMap>(map => [new("", map.Metadata.NamespaceProperty)]))
            .AddController<RoleAggregator, V1ClusterRole>(controller => controller.Watches<V1ClusterRole>(_ => Cached<V1ClusterRole>().Where(role => role.AggregationRule is not null).Select(role => role.Key())));
        var host = builder.Build();
        provider = host.Services;
        return host;
    }

    /// <summary>The controller owner; of an object without one, those that may adopt it.</summary>
    private static IEnumerable<ObjectKey> OwnerOrSelecting<TOwner>(
        IKubernetesObject<V1ObjectMeta> child, string kind, IReadOnlyList<TOwner> owners, Func<TOwner, V1LabelSelector> selector)
        where TOwner : IKubernetesObject<V1ObjectMeta> =>
        child.ControllerReference() is { } owner
            ? owner.Kind == kind ? [new(child.Metadata.NamespaceProperty, owner.Name)] : []
            : owners.Where(candidate => candidate.Metadata.NamespaceProperty == child.Metadata.NamespaceProperty && selector(candidate).Matches(child.Metadata.Labels)).Select(candidate => candidate.Key());

    /// <summary>A Recreate roll-out waits for the last pod of the old ReplicaSets.</summary>
    private static IEnumerable<ObjectKey> DeploymentsOf(V1Pod pod, IReadOnlyList<V1ReplicaSet> sets) =>
        pod.ControllerReference() is { Kind: "ReplicaSet" } owner
        && sets.FirstOrDefault(set => set.Metadata.Uid == owner.Uid)?.ControllerReference() is { Kind: "Deployment" } deployment
            ? [new(pod.Metadata.NamespaceProperty, deployment.Name)]
            : [];

    private static IEnumerable<ObjectKey> InNamespace<T>(IKubernetesObject<V1ObjectMeta> changed, IReadOnlyList<T> candidates)
        where T : IKubernetesObject<V1ObjectMeta> =>
        candidates.Where(candidate => candidate.Metadata.NamespaceProperty == changed.Metadata.NamespaceProperty).Select(candidate => candidate.Key());
}
