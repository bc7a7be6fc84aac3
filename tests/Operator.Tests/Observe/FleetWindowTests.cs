using Slipway.Api;
using Slipway.Api.Monitoring;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Observe;

internal sealed class FleetWindowTests
{
    [Test]
    public void A_feature_is_judged_by_its_counts()
    {
        var feature = Feature(0, 500, 500) with { Expected = [0, 0.8, 0.2], Seasonality = "24h" };

        FleetFeature.Of(feature).Should().Be(new FleetFeature("amount", 3, 1000, DriftScores.Psi([0, 0.8, 0.2], [0, 500, 500]), "24h"));
        FleetFeature.Of(Feature(0, 0, 0)).Should().Be(new FleetFeature("amount", 3, 0, 0, null));
    }

    private static FeatureWindow Feature(params long[] counts) => new() { Name = "amount", Bins = ["low", "[0,1]", "high"], Expected = [0, 1, 0], Counts = counts };
}
