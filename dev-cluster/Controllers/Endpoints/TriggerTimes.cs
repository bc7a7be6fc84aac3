using System.Collections.Concurrent;
using System.Globalization;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.Endpoints;

/// <summary>When the change that a slice is about happened: the earliest of those not told yet; null when nothing new became ready or unready.</summary>
internal sealed class TriggerTimes
{
    public const string Annotation = "endpoints.kubernetes.io/last-change-trigger-time";

    private readonly ConcurrentDictionary<string, Dictionary<string, DateTime>> _known = new();

    public string? Next(V1Service service, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        var now = endpoints
            .Where(endpoint => endpoint.Pod.Condition("Ready")?.LastTransitionTime is not null)
            .ToDictionary(endpoint => endpoint.Pod.Metadata.Uid, endpoint => endpoint.Pod.Condition("Ready")!.LastTransitionTime!.Value);
        now[service.Metadata.Uid] = service.Metadata.CreationTimestamp ?? default;
        var before = _known.GetValueOrDefault(service.Metadata.Uid) ?? [];
        _known[service.Metadata.Uid] = now;
        var fresh = now.Where(pair => !before.TryGetValue(pair.Key, out var known) || known < pair.Value).Select(pair => pair.Value).ToList();
        return fresh.Count == 0 ? null : fresh.Min().ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
