using Slipway.DevCluster.Nodes.Metrics;

namespace Slipway.DevCluster.Tests.Nodes.Metrics;

internal sealed class ServerFiguresTests
{
    private static readonly DateTimeOffset End = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    [Test]
    public void Concurrency_is_the_seconds_that_requests_took_in_a_second() =>
        Of("slipway_concurrency", ("slipway_request_duration_seconds_sum{protocol=\"rest\"}", 2.0), ("slipway_request_duration_seconds_sum{protocol=\"grpc\"}", 1.5))
            .Should().BeApproximately(3.5, 1e-9);

    [Test]
    public void Requests_of_every_code_count() =>
        Of("slipway_requests_per_second", ("slipway_requests_total{code=\"ok\"}", 30), ("slipway_requests_total{code=\"internal\"}", 2)).Should().BeApproximately(32, 1e-9);

    [Test]
    public void The_time_in_the_queue_is_an_average_in_milliseconds() =>
        Of("slipway_queue_time_milliseconds", ("slipway_queue_duration_seconds_sum{}", 0.5), ("slipway_queue_duration_seconds_count{}", 100)).Should().BeApproximately(5, 1e-9);

    [TestCase("slipway_concurrency")]
    [TestCase("slipway_queue_time_milliseconds")]
    public void A_server_that_was_never_asked_has_zero_and_one_that_is_not_scraped_has_nothing(string figure)
    {
        Of(figure, ("slipway_requests_total{code=\"ok\"}", 0)).Should().Be(0);
        Of(figure).Should().BeNull();
    }

    [Test]
    public void Nobody_waits_in_the_queue_of_an_idle_server() => Of(
        "slipway_queue_time_milliseconds", ("slipway_queue_duration_seconds_sum{}", 0), ("slipway_queue_duration_seconds_count{}", 0), ("slipway_requests_total{code=\"ok\"}", 0))
            .Should().Be(0);

    [Test]
    public void An_idle_server_has_a_concurrency_of_zero() => Of("slipway_concurrency", ("slipway_request_duration_seconds_sum{}", 0)).Should().Be(0);

    [Test]
    public void A_series_that_goes_is_no_restart_of_the_others()
    {
        List<Scrape> scrapes =
        [
            Scrape(60, ("slipway_requests_total{version=\"1\"}", 1000), ("slipway_requests_total{version=\"2\"}", 0)),
            Scrape(30, ("slipway_requests_total{version=\"2\"}", 30)),
            Scrape(0, ("slipway_requests_total{version=\"2\"}", 60)),
        ];

        ServerFigures.Of("slipway_requests_per_second", scrapes, End, Window.Add(TimeSpan.FromSeconds(1))).Should().BeLessThan(1.1);
    }

    [Test]
    public void What_is_older_than_the_window_says_nothing() =>
        ServerFigures.Of("slipway_concurrency", [Scrape(90, ("slipway_request_duration_seconds_sum", 0)), Scrape(70, ("slipway_request_duration_seconds_sum", 9))], End, Window)
            .Should().BeNull();

    /// <summary>The figure of counters that grow steadily by so much in a second.</summary>
    private static double? Of(string figure, params (string Series, double PerSecond)[] counters) => ServerFigures.Of(
        figure,
        [.. Enumerable.Range(0, 12).Select(index => Scrape(57 - (5 * index), [.. counters.Select(counter => (counter.Series, 1e6 + (counter.PerSecond * 5 * index)))]))],
        End,
        Window);

    private static Scrape Scrape(int secondsAgo, params (string Series, double Value)[] series) =>
        new(End.AddSeconds(-secondsAgo), series.ToDictionary(pair => pair.Series, pair => pair.Value));
}
