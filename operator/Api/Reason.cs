using System.Reflection;

namespace Slipway.Api;

/// <summary>
/// Why a condition has its status: a closed set. <paramref name="Meaning"/> and <paramref name="Remedy"/> are the sentences of the
/// reference documentation, which is generated from here.
/// </summary>
public sealed record Reason(ReasonKind Kind, string Name, string Meaning, string Remedy)
{
    public override string ToString() => Name;
}

/// <summary>What a reason asks of its reader.</summary>
public enum ReasonKind
{
    /// <summary>All is as it should be.</summary>
    Fine,

    /// <summary>A change is under way and needs nobody.</summary>
    Progress,

    /// <summary>Something is wrong that may mend itself, or that is mended outside the object; it is retried.</summary>
    Trouble,

    /// <summary>Nothing but a change by the user can help, so that <c>Stalled</c> is set.</summary>
    NeedsUser,
}

/// <summary>All reasons that conditions and events of a ModelDeployment use.</summary>
public static class Reasons
{
    public static readonly Reason Ready = new(
        ReasonKind.Fine, "Ready", "Every replica of the newest revision answers requests.", "Nothing.");

    public static readonly Reason ScaledToZero = new(
        ReasonKind.Fine, "ScaledToZero", "The model is scaled to 0, so no pod exists and nothing answers.", "Raise spec.replicas to serve again; with autoscaling, scale the Deployment to 1 or more.");

    public static readonly Reason Serving = new(
        ReasonKind.Fine, "Serving", "At least one pod answers requests, perhaps of an older revision.", "Nothing.");

    public static readonly Reason NoReadyPod = new(
        ReasonKind.Trouble, "NoReadyPod", "No pod answers requests now.", "Read the message of the Ready condition.");

    public static readonly Reason RollingOut = new(
        ReasonKind.Progress, "RollingOut", "The Deployment was written, pods of the newest revision are starting, or pods that are no longer wanted are still leaving.", "Wait; the message says how far it is.");

    public static readonly Reason ModelLoading = new(
        ReasonKind.Progress, "ModelLoading", "A pod runs and is loading its model; trouble with the store is retried and told in the message.",
        "Wait; if the message names an error of the store, mend the store, the network or the credentials.");

    public static readonly Reason InvalidSpec = new(
        ReasonKind.NeedsUser, "InvalidSpec", "The spec breaks a rule that the API server could not check.", "Change the fields that the message names.");

    public static readonly Reason InvalidPodTemplate = new(
        ReasonKind.NeedsUser, "InvalidPodTemplate", "No pod can be built from spec.podTemplate.", "Change spec.podTemplate as the message says.");

    public static readonly Reason NotAllowed = new(
        ReasonKind.NeedsUser, "NotAllowed", "The spec asks for what whoever runs the operator does not allow.", "Take out what the message names, or ask for it to be allowed.");

    public static readonly Reason ChildNameTaken = new(
        ReasonKind.NeedsUser, "ChildNameTaken", "An object with the name of a child exists and belongs to somebody else; it is left untouched.",
        "Rename or delete that object, or give this ModelDeployment another name.");

    public static readonly Reason ChildRejected = new(
        ReasonKind.NeedsUser, "ChildRejected", "The API server refuses a child of this ModelDeployment as invalid.", "Change the spec as the API server's message says.");

    public static readonly Reason FieldContested = new(
        ReasonKind.NeedsUser, "FieldContested", "Another client keeps changing a field that this operator owns.",
        "Stop the named manager from writing the field, or set what it wants in the spec.");

    public static readonly Reason Forbidden = new(
        ReasonKind.Trouble, "Forbidden", "The API server forbids a child: a quota, an admission policy, or a missing permission of the operator.",
        "Raise the quota, change the policy, or grant the permission that the message names. It is retried.");

    public static readonly Reason PodsRefused = new(
        ReasonKind.Trouble, "PodsRefused", "The API server refuses to create pods: a quota, an admission policy, or a ServiceAccount that does not exist.",
        "Raise the quota, change the policy, or create what the message names. It is retried.");

    public static readonly Reason ModelLoadFailed = new(
        ReasonKind.NeedsUser, "ModelLoadFailed", "The server read the model and can never serve it: missing version, damaged or wrong bytes, or a graph that ONNX Runtime refuses.",
        "Mend the version in the store, or name another one in spec.model.");

    public static readonly Reason DigestChanged = new(
        ReasonKind.NeedsUser, "DigestChanged",
        "A pod found other bytes under a version than the first ready pod had: somebody overwrote the version's folder. It refuses to load them; pods that run serve on.",
        "Publish the new bytes as a new version and name that in spec.model.version, or put the old bytes back. To have the new bytes under the old name, set spec.model.digest to theirs.");

    public static readonly Reason ImagePullFailed = new(
        ReasonKind.NeedsUser, "ImagePullFailed", "The image of a pod cannot be pulled.", "Correct spec.server.image, or provide the pull secret. It is retried.");

    public static readonly Reason VolumesPending = new(
        ReasonKind.Progress, "VolumesPending", "A pod has had a node for half a minute, and its volumes are not ready there: a Secret, a ConfigMap or a PersistentVolumeClaim may be missing, or a disk is still being attached.",
        "See whether what the message names exists, and create it or correct the name in the spec; kubectl describe pod tells what is missing. It is retried.");

    public static readonly Reason PodConfigInvalid = new(
        ReasonKind.NeedsUser, "PodConfigInvalid", "A container cannot be started as configured, for example because a Secret or ConfigMap is missing.",
        "Create what the message names, or correct the name in the spec. It is retried.");

    public static readonly Reason ServerCrashed = new(
        ReasonKind.Trouble, "ServerCrashed", "A container of a pod, the server's or another of spec.podTemplate, ended without a sentence of its own; it is restarted with back-off.",
        "Read the log of the container that the message names: kubectl logs <pod> -c <container> --previous.");

    public static readonly Reason OutOfMemory = new(
        ReasonKind.NeedsUser, "OutOfMemory", "The server, or another container of spec.podTemplate, was killed because it passed its memory limit.", "Raise spec.server.resources.limits.memory, or the limit of the container that the message names.");

    public static readonly Reason Unschedulable = new(
        ReasonKind.Trouble, "Unschedulable", "No node can take a pod.", "Add capacity, or lower the requests or the constraints that the message names.");

    public static readonly Reason ProgressDeadlineExceeded = new(
        ReasonKind.NeedsUser, "ProgressDeadlineExceeded", "The newest revision did not become ready within spec.rollout.progressDeadline; an older one keeps serving, if there is one.",
        "Read the pods' logs, mend the cause, or raise the deadline.");

    public static readonly Reason ScalerActive = new(
        ReasonKind.Fine, "ScalerActive", "The autoscaler reads its figures and sets the number of pods.", "Nothing.");

    public static readonly Reason ScalerPending = new(
        ReasonKind.Progress, "ScalerPending", "The autoscaler was just made, or waits for its predecessor to go, and has not reported yet.",
        "Wait; if it stays, see whether the controller of HorizontalPodAutoscalers, or KEDA, runs.");

    public static readonly Reason ScalerFailing = new(
        ReasonKind.Trouble, "ScalerFailing", "The autoscaler reports that it cannot scale; the number of pods stays as it is.",
        "Mend what the message names: a metrics server that does not run, a figure that Prometheus lacks, a request that a container does not state.");

    public static readonly Reason CustomMetricsMissing = new(
        ReasonKind.Trouble, "CustomMetricsMissing", "A target is for a figure of the server, and the cluster serves no custom.metrics.k8s.io from which the HorizontalPodAutoscaler reads it.",
        "Install an adapter such as prometheus-adapter with the rules of docs/autoscaling.md, or use engine KEDA. It is noticed without a restart.");

    public static readonly Reason KedaMissing = new(
        ReasonKind.Trouble, "KedaMissing", "spec.autoscaling.engine is KEDA, and the cluster does not know ScaledObjects (keda.sh/v1alpha1); the number of pods stays as it is.",
        "Install KEDA, which is noticed without a restart, or use engine HPA.");

    public static readonly Reason PrometheusAddressMissing = new(
        ReasonKind.NeedsUser, "PrometheusAddressMissing", "A target of engine KEDA is for a figure that Prometheus has, and nobody said where Prometheus is.",
        "Set spec.autoscaling.keda.serverAddress, or start the operator with --prometheus-url.");

    public static readonly Reason Monitored = new(
        ReasonKind.Fine, "Monitored", "The ServiceMonitor and the PrometheusRule of the model are in the cluster.",
        "Nothing; if Prometheus does not take them up, see whether it selects their labels (spec.monitoring.ruleLabels).");

    public static readonly Reason PrometheusOperatorMissing = new(
        ReasonKind.Trouble, "PrometheusOperatorMissing", "spec.monitoring is set, and the cluster does not know ServiceMonitors or PrometheusRules (monitoring.coreos.com/v1); the model serves, and nobody watches it.",
        "Install the Prometheus Operator, which is noticed without a restart, or take out spec.monitoring.");

    public static readonly Reason Drifted = new(
        ReasonKind.Trouble, "Drifted", "The population stability index of a feature is above spec.monitoring.drift.threshold: what the model is asked, or answers, is distributed otherwise than in its training data.",
        "Read docs/runbooks/SlipwayFeatureDrift.md, or SlipwayPredictionDrift.md for a feature that begins with output.: see whether the source of the feature changed, and train a version on newer data.");

    public static readonly Reason NoDrift = new(
        ReasonKind.Fine, "NoDrift", "No feature of which enough was seen has strayed from the baseline by more than spec.monitoring.drift.threshold.", "Nothing.");

    public static readonly Reason NoBaseline = new(
        ReasonKind.Trouble, "NoBaseline", "The version has no baseline.json, or a feature of spec.monitoring.drift.features is not in it, so that drift cannot be told of all that is to be watched; none is seen in the others.",
        "Write one with slipway-server baseline and upload a version with it, correct the names that the message lists, or switch spec.monitoring.drift.enabled off.");

    public static readonly Reason TooFewSamples = new(
        ReasonKind.Progress, "TooFewSamples", "Too few rows came within the window to tell drift from chance.", "Wait, or choose a longer spec.monitoring.drift.window or fewer spec.monitoring.drift.minSamples.");

    public static readonly Reason WindowTooShort = new(
        ReasonKind.Progress, "WindowTooShort", "A feature comes round in a period that is longer than the window, than the pods have run for, or than their memory of past minutes reaches; the message says which.",
        "Choose a longer spec.monitoring.drift.window; wait until the pods have run for that long; or watch fewer features (slipway-server baseline --features), or go by the figure that Prometheus has.");

    public static readonly Reason PodsUnreachable = new(
        ReasonKind.Trouble, "PodsUnreachable", "A ready pod did not tell the operator what it counted, though it was asked twice, and what the others told, if any did, shows no drift.",
        "See whether a NetworkPolicy keeps the operator from port 8082 of the pods, and in the pods' logs whether one of them has no time to answer.");

    /// <summary>Every reason, in order of name.</summary>
    public static IReadOnlyList<Reason> All { get; } =
        [.. typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(Reason))
            .Select(field => (Reason)field.GetValue(null)!)
            .OrderBy(reason => reason.Name, StringComparer.Ordinal)];
}
