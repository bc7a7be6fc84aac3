using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>An unmodified Prometheus, which reads pods every second and evaluates rules as often.</summary>
internal sealed class PrometheusServer : BackgroundProcess
{
    private readonly HttpClient _client;

    private PrometheusServer(string folder, int port)
        : base(new(
            Path.Combine(Repository.Root, ".tools", "bin", "prometheus"),
            [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}"])) =>
        _client = new() { BaseAddress = new($"http://127.0.0.1:{port}") };

    /// <param name="folder">For its files; may be deleted once this is disposed of.</param>
    /// <param name="pods">Management addresses by the labels that a Prometheus in the cluster would put on them.</param>
    /// <param name="rules">Specs of PrometheusRules.</param>
    public static async Task<PrometheusServer> StartAsync(string folder, IEnumerable<(string Address, string Namespace, string Pod)> pods, IEnumerable<JsonNode> rules, TimeSpan limit)
    {
        foreach (var (number, rule) in rules.Index())
        {
            foreach (var group in rule["groups"]!.AsArray())
            {
                group!["interval"] = "1s";
            }

            await File.WriteAllTextAsync(Path.Combine(folder, $"rules-{number}.yml"), rule.ToJsonString());
        }

        var targets = pods.Select(pod => $"{{targets: ['{pod.Address}'], labels: {{namespace: '{pod.Namespace}', pod: '{pod.Pod}'}}}}");
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $"""
            global: {"{"}scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s{"}"}
            rule_files: ['{folder}/rules-*.yml']
            scrape_configs: [{"{"}job_name: models, honor_labels: true, static_configs: [{string.Join(", ", targets)}]{"}"}]
            """);
        var server = new PrometheusServer(folder, FreePort());
        try
        {
            await Eventually.TrueAsync(server.IsReadyAsync, () => $"Prometheus is ready; so far:\n{server.Output}", limit);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The value of the one series that an expression comes to now; null when there is none.</summary>
    public async Task<double?> ValueAsync(string expression)
    {
        var series = await SeriesAsync(expression);
        series.Count.Should().BeLessThanOrEqualTo(1, "{0} should be one series", expression);
        return series.Count == 0 ? null : double.Parse((string)series[0]!["value"]![1]!, CultureInfo.InvariantCulture);
    }

    public async Task<bool> HasSeriesAsync(string expression) => (await SeriesAsync(expression)).Count > 0;

    private async Task<JsonArray> SeriesAsync(string expression)
    {
        using var answer = await _client.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue("Prometheus said {0} of {1}", text, expression);
        return JsonNode.Parse(text)!["data"]!["result"]!.AsArray();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return HasExited ? throw new InvalidOperationException($"Prometheus ended:\n{Output}") : false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
