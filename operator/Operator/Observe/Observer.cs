using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Upgrades;
using Slipway.Runtime;

namespace Slipway.Operator.Observe;

/// <summary>All reads of one reconcile: the cache, and the servers of pods that are worth asking.</summary>
internal sealed class Observer(
    IObjectStore<V1Deployment> deployments,
    IObjectStore<V1ReplicaSet> replicaSets,
    IObjectStore<V1Pod> pods,
    IObjectStore<V1ConfigMap> configs,
    IObjectStore<V1ControllerRevision> revisions,
    ScalerReader scalers,
    PrometheusReader prometheus,
    UpgradeQueue upgrades,
    ReportReader reports,
    DriftReader drift,
    TimeProvider clock)
{
    /// <summary>Pods that are asked in one reconcile: they share their trouble, so a few tell as much as all.</summary>
    private const int MaxAsked = 3;

    public async Task<Observed> ObserveAsync(ModelDeployment model, CancellationToken cancellationToken)
    {
        var deployment = deployments.Get(new(model.Metadata.NamespaceProperty, model.Metadata.Name));
        if (deployment?.ControllerReference()?.Uid != model.Metadata.Uid)
        {
            deployment = null;
        }

        IReadOnlyList<V1ReplicaSet> sets = deployment is null ? [] : replicaSets.OwnedBy(deployment.Metadata.Uid);
        var observed = new Observed(
            model, deployment, sets, [.. sets.SelectMany(set => pods.OwnedBy(set.Metadata.Uid)).DistinctBy(pod => pod.Metadata.Uid)], configs.OwnedBy(model.Metadata.Uid), new Dictionary<string, ServerStatus>());
        return observed with
        {
            At = clock.GetUtcNow(),
            Revisions = revisions.OwnedBy(model.Metadata.Uid),
            Scalers = scalers.Read(model),
            Prometheus = prometheus.Read(model),
            HasUpgradeTurn = upgrades.HasTurn(model.Key()),
            WasReady = upgrades.WasReady(model.Key()),
            Reports = await reports.ReadAsync([.. WorthAsking(observed).Take(MaxAsked)], cancellationToken),
            Drift = drift.Read(model, [.. observed.PodsOf(Revision.Of(model.Spec)).Where(pod => pod.IsReady() && !string.IsNullOrEmpty(pod.Status?.PodIP))]),
        };
    }

    /// <summary>Pods that run without being ready; and one ready pod for as long as status does not yet tell what it serves.</summary>
    private static IEnumerable<V1Pod> WorthAsking(Observed observed)
    {
        var running = observed.PodsOf(Revision.Of(observed.Model.Spec))
            .Where(pod => !string.IsNullOrEmpty(pod.Status?.PodIP) && pod.Server()?.State?.Running is not null)
            .ToList();
        var unknown = observed.KnownToServe is not { Digest.Length: > 0 };
        return running.Where(pod => !pod.IsReady()).Concat(running.Where(pod => pod.IsReady()).Take(unknown ? 1 : 0));
    }
}
