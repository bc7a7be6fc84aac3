using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;
using Slipway.Operator.Upgrades;

namespace Slipway.Operator.Decide;

/// <summary>What is reported, and when to look again if nothing happens until then.</summary>
/// <param name="Announcement">An event for people, at a transition of Ready; null when its reason stayed the same.</param>
/// <param name="CheckAgain">Null: only a change of something watched brings the object back.</param>
/// <param name="Upgrade">Where the model stands while what a new operator changes by itself is rolled out.</param>
internal sealed record Decision(ModelDeploymentStatus Status, Finding? Announcement, TimeSpan? CheckAgain, UpgradeStep Upgrade)
{
    public bool IsReady => Status.Conditions[0].Status == "True";

    /// <summary>How soon a pod that has just begun to load is asked again.</summary>
    private static readonly TimeSpan WhileLoading = TimeSpan.FromSeconds(2);

    /// <summary>How soon trouble that may end outside of anything watched is looked at again.</summary>
    private static readonly TimeSpan WhileTroubled = TimeSpan.FromSeconds(30);

    public static Decision Make(Situation situation, DateTimeOffset now)
    {
        var model = situation.Observed.Model;
        var finding = Readiness.FirstFinding(situation);
        var shortfall = finding is null ? Readiness.Shortfall(situation) : null;
        var served = Served(situation, isReady: finding is null);
        var readyPods = situation.Observed.Deployment?.Status?.ReadyReplicas ?? 0;
        var status = new ModelDeploymentStatus
        {
            ObservedGeneration = model.Metadata.Generation ?? 0,
            Url = Names.Url(model),
            Replicas = situation.Observed.Deployment?.Status?.Replicas ?? 0,
            ReadyReplicas = readyPods,
            Selector = Names.SelectorText(model.Metadata.Name),
            Model = served,
        };
        var drift = Drift.Find(model, situation.Observed.Drift);
        var told = drift is null ? null : DriftReport.Of(model, drift, now);
        status = status with { Drift = situation.Observed.Drift is { IsAwaited: true } ? model.Status?.Drift : told?.Status, Conditions = Report(situation, finding, shortfall, drift, told, readyPods, now) };
        return new(status, Announce(situation, finding), NextLook(situation, finding ?? shortfall, served, now), Upgrading.Find(situation.Desired.Template, finding));
    }

    private static IReadOnlyList<V1Condition> Report(Situation situation, Finding? finding, Finding? shortfall, Drift? drift, DriftReport? told, int readyPods, DateTimeOffset now)
    {
        var model = situation.Observed.Model;
        var conditions = new Conditions(model, now);
        var ready = finding ?? Fine(situation);
        conditions.Set(ConditionTypes.Ready, finding is null, ready.Reason, ready.Message);
        if (readyPods > 0)
        {
            conditions.Set(ConditionTypes.Serving, true, Reasons.Serving, "Requests are answered.");
        }
        else
        {
            conditions.Set(ConditionTypes.Serving, false, situation.Desired.Replicas.Wanted == 0 ? Reasons.ScaledToZero : Reasons.NoReadyPod, "No pod answers requests.");
        }

        if (Autoscaling.Find(situation, shortfall) is { } scaling)
        {
            conditions.Set(ConditionTypes.Autoscaled, scaling.Reason.Kind switch { ReasonKind.Fine => true, ReasonKind.Progress => null, _ => false }, scaling.Reason, scaling.Message);
        }

        if (Monitored.Find(situation) is { } monitored)
        {
            conditions.Set(ConditionTypes.Monitored, monitored.Reason.Kind == ReasonKind.Fine, monitored.Reason, monitored.Message);
        }

        if (drift is not null && told is not null)
        {
            conditions.Set(ConditionTypes.Drifted, drift.IsDrifted, drift.Finding.Reason, told.Message);
        }
        else if (situation.Observed.Drift is { IsAwaited: true })
        {
            conditions.Keep(ConditionTypes.Drifted);
        }

        if (finding is not null)
        {
            conditions.Set(finding.Reason.Kind == ReasonKind.NeedsUser ? ConditionTypes.Stalled : ConditionTypes.Reconciling, true, finding.Reason, finding.Message);
        }

        return conditions.List;
    }

    private static Finding Fine(Situation situation)
    {
        var (spec, replicas) = (situation.Observed.Model.Spec, situation.Desired.Replicas);
        return (spec.Autoscaling, replicas.Wanted) switch
        {
            (null, 0) => new(Reasons.ScaledToZero, "spec.replicas is 0: nothing is served, as asked."),
            (_, 0) => new(Reasons.ScaledToZero, "The Deployment is scaled to 0, which stops its autoscaler: nothing is served until it is scaled to 1 or more."),
            ({ } scaling, _) => new(Reasons.Ready, $"Version {spec.Model.Version} is served by {scaling.MinReplicas} to {scaling.MaxReplicas} pods."),
            (null, var number) => new(Reasons.Ready, $"Version {spec.Model.Version} is served by {number} {(number == 1 ? "pod" : "pods")}."),
        };
    }

    private static Finding? Announce(Situation situation, Finding? finding)
    {
        var model = situation.Observed.Model;
        var next = finding ?? Fine(situation);
        var before = model.Status?.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);
        return before?.Reason == next.Reason.Name && before.ObservedGeneration == model.Metadata.Generation ? null : next;
    }

    /// <summary>What a ready pod reported; else what was known, for as long as the newest version is not in force.</summary>
    private static ModelStatus? Served(Situation situation, bool isReady)
    {
        var model = situation.Observed.Model;
        if (!isReady || situation.Desired.Replicas.Wanted == 0)
        {
            return model.Status?.Model;
        }

        return situation.Observed.ReadyReport(situation.Desired.Revision) is { } report ? ServedModel.From(report)
            : situation.Observed.KnownToServe ?? new() { Version = model.Spec.Model.Version };
    }

    private static TimeSpan? NextLook(Situation situation, Finding? told, ModelStatus? served, DateTimeOffset now) => told switch
    {
        // No watch tells when the object that has a child's name goes, or a policy changes.
        _ when situation.Problems.Count > 0 => WhileTroubled,
        { Reason.Kind: ReasonKind.Trouble } => WhileTroubled,
        null when served is { Digest.Length: 0 } => WhileTroubled,
        _ => new[] { WhileAnyLoads(situation, now), UntilAnyIsLate(situation.Observed, situation.Desired.Revision) }.Min(),
    };

    /// <summary>
    /// A server's own words reach us only if we ask. The longer one loads, the less often: each question may cost a worker its whole time-out.
    /// </summary>
    private static TimeSpan? WhileAnyLoads(Situation situation, DateTimeOffset now)
    {
        var started = situation.Observed.PodsOf(situation.Desired.Revision)
            .Where(pod => !pod.IsReady() && pod.Server()?.State?.Running is not null)
            .Select(pod => pod.Server()!.State.Running.StartedAt ?? now.UtcDateTime)
            .ToList();
        return started.Count == 0 ? null : Clamp((now.UtcDateTime - started.Max()) / 10, WhileLoading, WhileTroubled);
    }

    /// <summary>Time alone makes trouble of a wait for volumes.</summary>
    private static TimeSpan? UntilAnyIsLate(Observed observed, string revision) => observed.PodsOf(revision).Min(pod => VolumeWait.UntilFound(pod, observed.At));

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
