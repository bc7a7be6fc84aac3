using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Runtime;

namespace Slipway.Operator.Observe;

/// <summary>Reads the scalers of a model from the cache, and which of their APIs there are.</summary>
internal sealed class ScalerReader(IObjectStore<V2HorizontalPodAutoscaler> autoscalers, IObjectStore<ScaledObject> scaledObjects, IApiDiscovery apis)
{
    /// <summary>The APIs that a scaler may need and a cluster may lack.</summary>
    public static readonly string[] OptionalApis = [KedaApi, CustomMetricsApi];

    private const string KedaApi = "keda.sh/v1alpha1/scaledobjects";

    // Whichever version: that is between the autoscaler and the adapter.
    private const string CustomMetricsApi = "custom.metrics.k8s.io";

    public Scalers Read(ModelDeployment model)
    {
        // KEDA copies the labels of a ScaledObject to what it makes for it.
        var all = autoscalers.WithLabel(model.Metadata.NamespaceProperty, Names.ModelLabel, model.Metadata.Name);
        var scaledObject = scaledObjects.OwnedBy(model.Metadata.Uid).FirstOrDefault(known => known.ControllerReference()?.Uid == model.Metadata.Uid);
        return new(
            all.FirstOrDefault(autoscaler => autoscaler.ControllerReference()?.Uid == model.Metadata.Uid),
            all.FirstOrDefault(autoscaler => autoscaler.ControllerReference() is { Kind: ScaledObject.KubeKind } owner && owner.Name == model.Metadata.Name),
            scaledObject)
        {
            // An API server that has just started may not list the API yet; what the cache shows is there all the same.
            KedaServed = apis.Serves(KedaApi) || scaledObject is not null,
            CustomMetricsServed = apis.Serves(CustomMetricsApi),
        };
    }
}
