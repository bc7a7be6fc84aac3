using Slipway.Api;
using Slipway.Api.Monitoring;
using Slipway.DevCluster.StatusPage;

namespace Slipway.DevCluster.Tests.StatusPage;

internal sealed class PodSumsTests
{
    [Test]
    public void Counts_of_all_pods_are_added_and_what_strays_most_comes_first()
    {
        var features = PodSums.Features([Window(Feature("steady", 100, 100), Feature("shifted", 190, 10)), Window(Feature("steady", 100, 100), Feature("shifted", 190, 10))], "1");

        features.Select(feature => (feature.Name, feature.Rows)).Should().Equal(("shifted", 400), ("steady", 400));
        features[0].Index.Should().BeApproximately(1.325, 0.001);
        features[0].Bins.Should().Equal(new BinView("low", 0.5, 0.95), new BinView("high", 0.5, 0.05));
    }

    [Test]
    public void Drift_is_of_the_version_that_serves_while_another_comes()
    {
        var coming = Feature("amount", 5, 5, 5) with { Bins = ["low", "middle", "high"], Expected = [0.2, 0.3, 0.5] };
        IReadOnlyList<ServerWindow> windows =
        [
            new() { Versions = [new() { Version = "2", Features = [coming, Feature("same", 1, 0), Feature("added", 1, 1)] }] },
            new() { Versions = [new() { Version = "1", Features = [Feature("amount", 60, 40), Feature("same", 50, 50)] }] },
        ];

        PodSums.Features(windows, "1").Select(feature => (feature.Name, feature.Rows, feature.Bins.Count)).Should().Equal(("amount", 100, 2), ("same", 100, 2));
        PodSums.Features(windows, "2").Select(feature => (feature.Name, feature.Rows, feature.Bins.Count)).Should().Equal(("amount", 15, 3), ("same", 1, 2), ("added", 2, 2));
    }

    [Test]
    public void Nothing_is_said_of_what_was_hardly_seen()
    {
        var feature = PodSums.Features([Window(Feature("new", 10, 0))], "1").Single();

        (feature.Index, feature.Rows).Should().Be((null, 10));
        PodSums.Features([Window(Feature("unseen", 0, 0))], "1").Single().Bins.Should().OnlyContain(bin => bin.Actual == 0);
    }

    [TestCase("10m", null)]
    [TestCase("10m1s", "10m1s")]
    [TestCase("24h", "24h")]
    public void Of_a_feature_that_comes_round_more_slowly_than_pods_can_tell_of_there_is_no_index(string seasonality, string? season)
    {
        var start = DateTimeOffset.UnixEpoch;
        var oneHour = Window(Feature("hour", 200, 0) with { Seasonality = seasonality }) with { From = start, To = start.AddMinutes(10) };

        var feature = PodSums.Features([oneHour], "1").Single();

        (feature.Index is null, feature.Season, feature.Rows).Should().Be((season is not null, season, 200));
        PodSums.Features([oneHour, oneHour with { From = start.AddMinutes(9) }], "1").Single().Index.Should().BeNull("one of the pods has just begun");
    }

    [Test]
    public void Requests_of_all_versions_are_added_and_those_of_bad_clients_are_no_failures()
    {
        var requests = new Dictionary<string, long> { ["ok"] = 10, ["invalid_argument"] = 3, ["internal"] = 2, ["unavailable"] = 1 };

        PodSums.Requests([new() { Versions = [new() { Requests = requests, Slow = 4 }, new() { Requests = requests }] }]).Should().Be(new RequestsView(32, 6, 4));
    }

    [Test]
    public void Feedback_of_all_pods_is_added_for_each_version()
    {
        var one = new FeedbackWindow { Classes = ["ok", "fraud"], Counts = [[5, 1], [0, 2]], Correct = 7, Wrong = 1 };
        var other = new FeedbackWindow { Classes = ["fraud"], Counts = [[1]], Correct = 1 };
        var errors = new FeedbackWindow { Values = 2, AbsoluteError = 3, SquaredError = 5, PositiveError = 3, NegativeError = 0 };

        var accuracy = PodSums.Accuracy([Told(("2", one), ("1", errors)), Told(("2", other)), Told(("2", null), ("3", null))]);

        accuracy.Select(version => version.Version).Should().Equal("1", "2");
        (accuracy[0].Mae, accuracy[0].Bias, accuracy[0].Accuracy).Should().Be((new(1.5, 2), new(1.5, 2), null));
        accuracy[1].Accuracy.Should().Be(new Figure(8.0 / 9, 9));
        accuracy[1].Classes!.Single(each => each.Class == "fraud").Recall.Should().Be(new Figure(3.0 / 4, 4));
    }

    private static ServerWindow Told(params (string Version, FeedbackWindow? Feedback)[] versions) =>
        new() { Versions = [.. versions.Select(each => new VersionWindow { Version = each.Version, Feedback = each.Feedback })] };

    private static ServerWindow Window(params FeatureWindow[] features) => new() { Versions = [new() { Version = "1", Features = features }] };

    private static FeatureWindow Feature(string name, params long[] counts) => new() { Name = name, Bins = ["low", "high"], Expected = [0.5, 0.5], Counts = counts };
}
