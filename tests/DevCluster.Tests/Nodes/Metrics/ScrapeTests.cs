using System.Text;
using Slipway.DevCluster.Nodes.Metrics;

namespace Slipway.DevCluster.Tests.Nodes.Metrics;

internal sealed class ScrapeTests
{
    private static readonly HashSet<string> Names = ["slipway_requests_total", "up"];

    [Test]
    public async Task Wanted_series_are_kept_by_their_name_and_labels()
    {
        var scrape = await ReadAsync("""
            # HELP slipway_requests_total Requests.
            # TYPE slipway_requests_total counter
            slipway_requests_total{protocol="rest",code="ok"} 12 1700000000000
            slipway_requests_total{protocol="grpc",code="ok"} 1e3
            slipway_requests_total_other{a="b"} 5
            slipway_in_flight_requests{} 3
            up 1
            """);

        scrape.Series.Should().BeEquivalentTo(new Dictionary<string, double>
        {
            ["slipway_requests_total{protocol=\"rest\",code=\"ok\"}"] = 12,
            ["slipway_requests_total{protocol=\"grpc\",code=\"ok\"}"] = 1000,
            ["up"] = 1,
        });
        scrape.Named("slipway_requests_total").Should().HaveCount(2);
    }

    [TestCase("slipway_requests_total{model=\"a } \\\" b\"} 4", 4)]
    [TestCase("slipway_requests_total{model=\"a\"} NaN", null)]
    [TestCase("slipway_requests_total{model=\"a\"} +Inf", null)]
    [TestCase("slipway_requests_total{model=\"a", null)]
    [TestCase("slipway_requests_total{model=\"a\"}", null)]
    [TestCase("", null)]
    [TestCase("{", null)]
    public async Task Odd_lines_give_a_value_or_nothing(string line, double? value) =>
        (await ReadAsync(line)).Series.Values.Select(found => (double?)found).SingleOrDefault().Should().Be(value);

    [Test]
    public async Task Too_many_series_are_refused() =>
        await FluentActions.Awaiting(() => ReadAsync(string.Join('\n', Enumerable.Range(0, 3000).Select(index => $"up{{a=\"{index}\"}} 1")))).Should().ThrowAsync<InvalidDataException>();

    [Test]
    public async Task An_answer_without_an_end_is_refused() =>
        await FluentActions.Awaiting(() => ReadAsync(new string('x', 9 * 1024 * 1024))).Should().ThrowAsync<InvalidDataException>();

    private static Task<Scrape> ReadAsync(string text) =>
        Scrape.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), Names, DateTimeOffset.UnixEpoch, CancellationToken.None);
}
