using Slipway.Api;
using Slipway.DevCluster.StatusPage;

namespace Slipway.DevCluster.Tests.StatusPage;

internal sealed class DriftViewTests
{
    [Test]
    public void Counts_of_all_pods_are_added_and_what_strays_most_comes_first()
    {
        var features = DriftView.Features([Window(Feature("steady", 100, 100), Feature("shifted", 190, 10)), Window(Feature("steady", 100, 100), Feature("shifted", 190, 10))]);

        features.Select(feature => (feature.Name, feature.Rows)).Should().Equal(("shifted", 400), ("steady", 400));
        features[0].Index.Should().BeApproximately(1.325, 0.001);
        features[0].Bins.Should().Equal(new BinView("low", 0.5, 0.95), new BinView("high", 0.5, 0.05));
    }

    [Test]
    public void Nothing_is_said_of_what_was_hardly_seen()
    {
        var feature = DriftView.Features([Window(Feature("new", 10, 0))]).Single();

        (feature.Index, feature.Rows).Should().Be((null, 10));
        DriftView.Features([Window(Feature("unseen", 0, 0))]).Single().Bins.Should().OnlyContain(bin => bin.Actual == 0);
    }

    [Test]
    public void Requests_of_all_versions_are_added_and_those_of_bad_clients_are_no_failures()
    {
        var requests = new Dictionary<string, long> { ["ok"] = 10, ["invalid_argument"] = 3, ["internal"] = 2, ["unavailable"] = 1 };

        DriftView.Requests([new() { Versions = [new() { Requests = requests, Slow = 4 }, new() { Requests = requests }] }]).Should().Be(new RequestsView(32, 6, 4));
    }

    private static ServerWindow Window(params FeatureWindow[] features) => new() { Versions = [new() { Version = "1", Features = features }] };

    private static FeatureWindow Feature(string name, params long[] counts) => new() { Name = name, Bins = ["low", "high"], Expected = [0.5, 0.5], Counts = counts };
}
