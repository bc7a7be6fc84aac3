using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Observe;

/// <summary>Everything that one reconcile read, as it was at that moment.</summary>
/// <param name="Deployment">Null while it does not exist.</param>
/// <param name="ReplicaSets">Those that the Deployment controls.</param>
/// <param name="Pods">Those that the ReplicaSets control.</param>
/// <param name="Configs">ConfigMaps of revisions that the ModelDeployment controls.</param>
/// <param name="Reports">What servers said of themselves, by pod name; a pod that was not asked or did not answer is missing.</param>
internal sealed record Observed(
    ModelDeployment Model,
    V1Deployment? Deployment,
    IReadOnlyList<V1ReplicaSet> ReplicaSets,
    IReadOnlyList<V1Pod> Pods,
    IReadOnlyList<V1ConfigMap> Configs,
    IReadOnlyDictionary<string, ServerStatus> Reports)
{
    /// <summary>When that was.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>ControllerRevisions that the ModelDeployment controls: what is remembered of its revisions.</summary>
    public IReadOnlyList<V1ControllerRevision> Revisions { get; init; } = [];

    /// <summary>What scales the model, and what the cluster offers for that.</summary>
    public Scalers Scalers { get; init; } = Scalers.None;

    /// <summary>Which kinds of the Prometheus Operator the cluster has.</summary>
    public PrometheusKinds Prometheus { get; init; }

    /// <summary>What the ready pods counted in the drift window; null while drift is not watched, or no pod is ready.</summary>
    public FleetWindow? Drift { get; init; }

    /// <summary>It is the model's turn to get what a new operator changes by itself.</summary>
    public bool HasUpgradeTurn { get; init; }

    /// <summary>The model was Ready when it asked for its turn.</summary>
    public bool WasReady { get; init; }

    /// <summary>
    /// What status tells of the version in force; null unless this very generation was Ready before. A change may keep the version's name and
    /// bring other bytes: another uri does.
    /// </summary>
    public ModelStatus? KnownToServe => Model.Status is { } status
        && status.Conditions.Any(condition => condition is { Type: ConditionTypes.Ready, Status: "True" } && condition.ObservedGeneration == Model.Metadata.Generation)
        ? status.Model
        : null;

    /// <summary>Revisions that a pod has or will be made of.</summary>
    public IReadOnlySet<string> RevisionsInUse() =>
        ReplicaSets.Where(set => set.Spec.Replicas > 0).Select(set => RevisionOf(set.Spec.Template.Metadata))
            .Concat(Pods.Where(pod => !pod.IsFinished()).Select(pod => RevisionOf(pod.Metadata)))
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// ConfigMaps of revisions older than <paramref name="newest"/> that a running or restarting pod still needs. Those that are made anew each time are
    /// none of them, whatever somebody labelled them.
    /// </summary>
    public IEnumerable<V1ConfigMap> ConfigsInUse(string newest)
    {
        var revisions = RevisionsInUse();
        string[] made = [Names.RevisionConfig(Model.Metadata.Name, newest), Names.LiveConfig(Model.Metadata.Name)];
        return Configs
            .Where(config => RevisionOf(config.Metadata) is { Length: > 0 } revision && revision != newest && revisions.Contains(revision) && !made.Contains(config.Metadata.Name))
            .OrderBy(config => config.Metadata.Name, StringComparer.Ordinal);
    }

    /// <summary>Null while the revision has no ConfigMap.</summary>
    public V1ConfigMap? ConfigOf(string revision) => Configs.FirstOrDefault(config => config.Metadata.Name == Names.RevisionConfig(Model.Metadata.Name, revision));

    /// <summary>Pods of one revision that serve, or are to serve: not those that are being deleted or have ended. In order of name.</summary>
    public IEnumerable<V1Pod> PodsOf(string revision) => Pods
        .Where(pod => pod.Metadata.DeletionTimestamp is null && !pod.IsFinished() && RevisionOf(pod.Metadata) == revision)
        .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal);

    /// <summary>What a ready pod of one revision told of itself; null when none was asked or did answer.</summary>
    public ServerStatus? ReadyReport(string revision) => PodsOf(revision)
        .Where(pod => pod.IsReady())
        .Select(pod => Reports.GetValueOrDefault(pod.Metadata.Name))
        .FirstOrDefault(answer => answer is { State: ServerState.Ready });

    /// <summary>What status says of Ready, of whatever generation.</summary>
    public static bool IsReady(ModelDeployment model) => model.Status?.Conditions.Any(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }) == true;

    /// <summary>Empty when the object belongs to no revision.</summary>
    public static string RevisionOf(V1ObjectMeta? metadata) => metadata?.Labels?.TryGetValue(Names.RevisionLabel, out var revision) == true ? revision : "";
}
