using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Endpoints;

/// <summary>Keeps the EndpointSlices and the Endpoints of Services with a selector.</summary>
internal sealed class ServiceController(IKubernetes api, IObjectStore<V1Pod> pods, IObjectStore<V1EndpointSlice> slices, IObjectStore<V1Endpoints> endpointObjects) : IEntityController<V1Service>
{
    private static readonly TimeSpan CacheCheck = TimeSpan.FromSeconds(1);

    private readonly TriggerTimes _triggers = new();

    /// <summary>Names of slices that were made and that the cache does not show yet: without waiting they would be made twice.</summary>
    private readonly ConcurrentDictionary<string, string> _made = new();

    public async Task<Result> ReconcileAsync(V1Service entity, CancellationToken cancellationToken)
    {
        if (entity.Spec.Selector is not { Count: > 0 } || entity.Metadata.DeletionTimestamp is not null)
        {
            return Result.Done;
        }

        if (_made.TryGetValue(entity.Metadata.Uid, out var made) && slices.Get(new(entity.Metadata.NamespaceProperty, made)) is null)
        {
            _made.TryRemove(entity.Metadata.Uid, out _);
            return Result.After(CacheCheck);
        }

        var endpoints = ServiceEndpoint.Of(entity, pods.List());
        var wanted = SliceBuilder.Build(entity, endpoints);
        var existing = slices.OwnedBy(entity.Metadata.Uid).Where(slice => slice.Metadata.Labels?.TryGetValue(SliceBuilder.ManagedBy, out var manager) == true && manager == SliceBuilder.Manager).ToList();
        var wantedEndpoints = EndpointsBuilder.Build(entity, endpoints);
        var current = endpointObjects.Get(entity.Key());
        var changed = existing.Count != wanted.Count || wanted.Any(slice => !existing.Exists(known => Same(known, slice))) || current is null || !Same(current, wantedEndpoints);
        if (changed)
        {
            var trigger = _triggers.Next(entity, endpoints);
            await WriteSlicesAsync(entity, wanted, existing, trigger, cancellationToken);
            await WriteEndpointsAsync(wantedEndpoints, current, trigger, cancellationToken);
        }

        return Result.Done;
    }

    private async Task WriteSlicesAsync(V1Service service, IReadOnlyList<V1EndpointSlice> wanted, List<V1EndpointSlice> existing, string? trigger, CancellationToken cancellationToken)
    {
        var left = existing.Where(known => !wanted.Any(slice => Same(known, slice))).ToList();
        foreach (var slice in wanted.Where(slice => !existing.Exists(known => Same(known, slice))))
        {
            Note(slice.Metadata, trigger);
            if (left.FirstOrDefault(known => Json.Same(known.Ports, slice.Ports)) is { } reused || (reused = left.FirstOrDefault()) is not null)
            {
                left.Remove(reused);
                slice.Metadata.Name = reused.Metadata.Name;
                slice.Metadata.NamespaceProperty = reused.Metadata.NamespaceProperty;
                slice.Metadata.ResourceVersion = reused.Metadata.ResourceVersion;
                await ApiWrite.Of(api.DiscoveryV1.ReplaceNamespacedEndpointSliceAsync(slice, reused.Metadata.Name, reused.Metadata.NamespaceProperty, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));
            }
            else
            {
                var made = await ApiWrite.Of(api.DiscoveryV1.CreateNamespacedEndpointSliceAsync(slice, service.Metadata.NamespaceProperty, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));
                _made[service.Metadata.Uid] = made.Metadata.Name;
            }
        }

        foreach (var slice in left)
        {
            await ApiWrite.UnlessGone(api.DiscoveryV1.DeleteNamespacedEndpointSliceAsync(slice.Metadata.Name, slice.Metadata.NamespaceProperty, cancellationToken: cancellationToken));
        }
    }

    private async Task WriteEndpointsAsync(V1Endpoints wanted, V1Endpoints? current, string? trigger, CancellationToken cancellationToken)
    {
        if (current is not null && Same(current, wanted))
        {
            return;
        }

        Note(wanted.Metadata, trigger);
        wanted.Metadata.ResourceVersion = current?.Metadata.ResourceVersion;
        await ApiWrite.Of(current is null
            ? api.CoreV1.CreateNamespacedEndpointsAsync(wanted, wanted.Metadata.NamespaceProperty, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken)
            : api.CoreV1.ReplaceNamespacedEndpointsAsync(wanted, wanted.Metadata.Name, wanted.Metadata.NamespaceProperty, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));
    }

    private static void Note(V1ObjectMeta metadata, string? trigger)
    {
        if (trigger is not null)
        {
            metadata.Annotations = new Dictionary<string, string> { [TriggerTimes.Annotation] = trigger };
        }
    }

    private static bool Same(V1EndpointSlice left, V1EndpointSlice right) =>
        Revised(left.Metadata.Labels, right.Metadata.Labels)
        && (left.Endpoints?.Count ?? 0) == (right.Endpoints?.Count ?? 0)
        && KubernetesJson.Serialize(left.Endpoints ?? []) == KubernetesJson.Serialize(right.Endpoints ?? [])
        && KubernetesJson.Serialize(left.Ports ?? []) == KubernetesJson.Serialize(right.Ports ?? []);

    private static bool Same(V1Endpoints left, V1Endpoints right) =>
        Revised(left.Metadata.Labels, right.Metadata.Labels) && KubernetesJson.Serialize(left.Subsets ?? []) == KubernetesJson.Serialize(right.Subsets ?? []);

    private static bool Revised(IDictionary<string, string>? left, IDictionary<string, string>? right) => Deployments.Revisions.Same(left, right);
}
