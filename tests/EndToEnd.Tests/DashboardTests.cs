using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>The dashboards that the chart ships, against the series of a model that is asked and told what was right.</summary>
[Category("Long")]
[OwnCluster(OwnClusterAttribute.Processes)]
internal sealed class DashboardTests : ClusterTest
{
    private const string Model = "fraud-detector";

    private const string Everything = """
          server: {batching: {mode: "On"}}
          monitoring:
            drift: {window: 2m, for: 0s, minSamples: 1}
            accuracy: {metric: Reward, minimum: 0, window: 10m}
            slo: {availability: 99.9, latency: {threshold: 50ms}}
        """;

    /// <summary>Counters of feedback stand still for two minutes, so that Prometheus sees them begin.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Test]
    public async Task No_panel_is_empty()
    {
        await Kubectl.ApplyAsync(PrometheusOperator.Definitions);
        var folder = Directory.CreateTempSubdirectory("slipway-prometheus-").FullName;
        try
        {
            await ServeAsync(Manifest.Of(more: Everything));
            await WaitConditionAsync("Monitored", "True", "Monitored");
            var rules = JsonNode.Parse(await Kubectl.GetAsync($"prometheusrule/{Model}", "{.spec}"))!;
            var (pod, address) = (await Kubectl.GetAsync("pods", "{.items[0].metadata.name}"), await Kubectl.GetAsync("pods", "{.items[0].status.podIP}"));
            using var prometheus = await PrometheusServer.StartAsync(folder, [($"{address}:8082", Namespace, pod), (TestCluster.Operator.Authority, Namespace, "operator")], [rules], Limit);
            using var client = new HttpClient { BaseAddress = await ServiceAsync() };
            var queries = Queries().ToList();
            queries.Should().HaveCountGreaterThan(25);

            List<string> empty = [];
            await Eventually.TrueAsync(
                async () =>
                {
                    await AskAsync(client);
                    empty = [];
                    foreach (var (panel, expression) in queries)
                    {
                        if (!await prometheus.HasSeriesAsync(expression))
                        {
                            empty.Add($"{panel}: {expression}");
                        }
                    }

                    return empty.Count == 0;
                },
                () => $"every panel shows something; these do not:\n{string.Join('\n', empty)}",
                Patience);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await Kubectl.RunAsync(PrometheusOperator.Delete);
        }
    }

    private static async Task AskAsync(HttpClient client)
    {
        for (var i = 0; i < 20; i++)
        {
            await Prediction.SendAsync(client, Model, CancellationToken.None);
        }

        // None of it is what spec.monitoring.accuracy chooses.
        var feedback = new JsonArray(new JsonObject { ["predicted"] = "0", ["actual"] = "0" }, new JsonObject { ["predicted"] = 1.5, ["actual"] = 2 });
        using var told = await client.PostAsJsonAsync(new Uri($"/v2/models/{Model}/versions/1/feedback", UriKind.Relative), feedback);
        told.IsSuccessStatusCode.Should().BeTrue("the answer was {0}", await told.Content.ReadAsStringAsync());
    }

    /// <summary>As Grafana would ask, with what a reader would have chosen, and without the 0 that some panels show for nothing: that is never empty.</summary>
    private IEnumerable<(string Panel, string Expression)> Queries() =>
        from file in Directory.GetFiles(Path.Combine(Repository.Root, "charts", "slipway", "files", "dashboards"))
        let dashboard = JsonNode.Parse(File.ReadAllText(file))!
        from panel in dashboard["panels"]!.AsArray()
        where (string?)panel!["type"] != "row"
        from query in panel["targets"]!.AsArray()
        select ($"{dashboard["title"]}, {panel["title"]}", ((string)query!["expr"]!)
            .Replace(" or vector(0)", "", StringComparison.Ordinal)
            .Replace("$__rate_interval", "10s", StringComparison.Ordinal)
            .Replace("$namespace", Namespace, StringComparison.Ordinal)
            .Replace("$model", Model, StringComparison.Ordinal)
            .Replace("$feature", "card_present", StringComparison.Ordinal));
}
