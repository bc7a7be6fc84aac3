using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Runtime;

namespace Slipway.Operator.Upgrades;

/// <summary>The turns that an earlier operator process gave and that had not ended when this one started.</summary>
internal sealed class EarlierTurns(IObjectStore<ModelDeployment> models, IObjectStore<V1Deployment> deployments)
{
    /// <summary>Each model once. It goes by what the model controls: anybody who may write Deployments can give one the labels of a model.</summary>
    public IEnumerable<ObjectKey> Find() => models.List()
        .Where(model => deployments.Get(model.Key()) is { } deployment && deployment.ControllerReference()?.Uid == model.Metadata.Uid && Upgrading.IsUnderWay(model, deployment))
        .Select(model => model.Key());
}
