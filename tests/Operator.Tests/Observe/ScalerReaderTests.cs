using k8s.Models;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Observe;

internal sealed class ScalerReaderTests
{
    [Test]
    public void An_autoscaler_is_ours_or_kedas_by_who_controls_it()
    {
        var (ours, kedas) = (Hpa("fraud-detector", "ModelDeployment", "uid-1"), Hpa("keda-hpa-fraud-detector", "ScaledObject", "uid-s"));

        var scalers = Read([ours, kedas], [new() { Metadata = Owned("fraud-detector", "ModelDeployment", "uid-1") }]);

        scalers.Own.Should().BeSameAs(ours);
        scalers.Keda.Should().BeSameAs(kedas);
        scalers.ScaledObject.Should().NotBeNull();
    }

    [Test]
    public void What_an_earlier_model_of_the_same_name_left_is_not_ours()
    {
        var scalers = Read([Hpa("fraud-detector", "ModelDeployment", "uid-0")], []);

        (scalers.Own, scalers.Keda, scalers.ScaledObject).Should().Be((null, null, null));
        scalers.AwaitsEnd.Should().BeFalse();
    }

    [Test]
    public void What_the_cluster_offers_is_what_was_discovered()
    {
        var scalers = Read([], [], "custom.metrics.k8s.io");

        (scalers.KedaServed, scalers.CustomMetricsServed).Should().Be((false, true));
    }

    [Test]
    public void A_ScaledObject_that_is_there_shows_that_KEDA_is_whatever_was_discovered() =>
        Read([], [new() { Metadata = Owned("fraud-detector", "ModelDeployment", "uid-1") }]).KedaServed.Should().BeTrue();

    private static Scalers Read(IReadOnlyList<V2HorizontalPodAutoscaler> autoscalers, IReadOnlyList<ScaledObject> scaledObjects, params string[] apis) =>
        new ScalerReader(new Store<V2HorizontalPodAutoscaler>(autoscalers), new Store<ScaledObject>(scaledObjects), new Apis(apis)).Read(A.Model());

    private static V2HorizontalPodAutoscaler Hpa(string name, string ownerKind, string ownerUid) => new() { Metadata = Owned(name, ownerKind, ownerUid) };

    private static V1ObjectMeta Owned(string name, string ownerKind, string ownerUid) => new()
    {
        Name = name,
        NamespaceProperty = "payments",
        Labels = new Dictionary<string, string> { [Names.ModelLabel] = "fraud-detector" },
        OwnerReferences = [new() { Kind = ownerKind, Name = "fraud-detector", Uid = ownerUid, Controller = true }],
    };

    private sealed class Apis(string[] served) : IApiDiscovery
    {
        public bool Serves(string api) => served.Contains(api);
    }
}
