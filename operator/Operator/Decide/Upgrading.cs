using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;
using Slipway.Operator.Upgrades;

namespace Slipway.Operator.Decide;

/// <summary>Where a model stands in the upgrade of the fleet.</summary>
internal static class Upgrading
{
    /// <summary>Trouble that a model had before its turn says nothing of the upgrade, and holds up nobody.</summary>
    public static UpgradeStep Find(PodTemplatePlan? template, Finding? finding) => (template, finding) switch
    {
        (null, _) => UpgradeStep.None,
        ({ Waits: true }, _) => UpgradeStep.Waiting,
        ({ Upgrade: null }, _) or (_, null) => UpgradeStep.None,
        ({ Upgrade: var before }, { Reason.Kind: ReasonKind.Trouble or ReasonKind.NeedsUser }) => before == PodTemplatePlan.WasReady ? UpgradeStep.Failed : UpgradeStep.None,
        _ => UpgradeStep.UnderWay,
    };

    /// <summary>What can be told before the model is looked at: the operator by itself changed its pods, and they are not all there, or nobody has said so yet.</summary>
    public static bool IsUnderWay(ModelDeployment model, V1Deployment deployment)
    {
        var (status, wanted) = (deployment.Status, deployment.Spec.Replicas ?? 1);
        return deployment.Metadata.Annotations?.ContainsKey(Names.Upgrade) == true
            && !(Observed.IsReady(model) && status?.ObservedGeneration >= deployment.Metadata.Generation
                && (status.UpdatedReplicas ?? 0) >= wanted && (status.AvailableReplicas ?? 0) >= wanted && (status.Replicas ?? 0) <= wanted);
    }
}
