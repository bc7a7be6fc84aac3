using Slipway.ModelServer.Tests.Drift;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Telemetry;

[CancelAfter(60_000)]
internal sealed class ScrapeTests
{
    private const string Request = """{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6]}]}""";

    [Test]
    public async Task A_scrape_tells_every_series_that_dashboards_and_rules_build_on(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            new ModelFolder().WithModel(TestModels.Double()).WithBaseline(SampleBaselines.Of([SampleBaselines.Numeric("x", 0, 2, 5)])),
            cancellationToken,
            settings => settings with { Live = new() { SlowThreshold = TimeSpan.FromHours(1) } });
        await server.InferAsync(Request, cancellationToken);
        await server.InferAsync(Request, cancellationToken);
        await server.InferAsync("nonsense", cancellationToken);

        // A request is counted when its answer is out, which its client may see before.
        string scrape;
        do
        {
            scrape = await ScrapeAsync(server, cancellationToken);
        }
        while (!scrape.Contains("slipway_request_duration_seconds_count{otel_scope_name=\"Slipway.ModelServer\",model=\"m\",protocol=\"rest\",version=\"1\"} 3", StringComparison.Ordinal)
            || !scrape.Contains("slipway_in_flight_requests{otel_scope_name=\"Slipway.ModelServer\",model=\"m\",version=\"1\"} 0", StringComparison.Ordinal));

        Golden.Match(scrape, "scrape");
    }

    private static async Task<string> ScrapeAsync(TestServer server, CancellationToken cancellationToken)
    {
        var text = await server.Management.GetStringAsync("/metrics", cancellationToken);
        var ours = text.Split('\n').Where(line => !line.Contains("target_info", StringComparison.Ordinal));
        return string.Join('\n', ours.Select(line => IsTime(line) ? $"{line[..line.LastIndexOf(' ')]} ·" : line));
    }

    // How long a thing took is this machine's affair; how often it happened is not.
    private static bool IsTime(string line)
    {
        var name = line.Split('{')[0];
        return name.EndsWith("_seconds_sum", StringComparison.Ordinal)
            || name.EndsWith("_load_duration_seconds", StringComparison.Ordinal)
            || (name.EndsWith("_seconds_bucket", StringComparison.Ordinal) && !line.Contains("le=\"+Inf\"", StringComparison.Ordinal));
    }
}
