using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Two models with the same baseline: one is asked what it was trained on, the other something else. Three computations say how far it strays.</summary>
[OwnCluster(OwnClusterAttribute.Processes)]
internal sealed class DriftTests : ClusterTest
{
    private const int RowsOfRequest = 200;
    private const int Requests = 10;
    private const int Features = 12;
    private const string Steady = "steady";
    private const string Shifted = "shifted";

    private const string Watched = """
          monitoring:
            drift: {window: 2m, for: 0s, features: [amount, card_present]}
        """;

    private static readonly JsonObject Amount = JsonNode.Parse(File.ReadAllText(Repository.Sample("fraud-detection/models/fraud-detector/1/baseline.json")))!["inputs"]!.AsArray()
        .Select(feature => feature!.AsObject()).Single(feature => (string?)feature["name"] == "amount");

    private static readonly double[] Edges = Numbers(Amount["edges"]!);
    private static readonly double[] Expected = Numbers(Amount["ratios"]!);

    [Test]
    public async Task Prometheus_the_operator_and_the_requests_themselves_tell_the_same_drift_and_the_alert_fires_for_the_model_that_strays_alone()
    {
        // The middle of each bin, as often as in training; the other model sees large amounts half of the time.
        var usual = Enumerable.Range(1, Edges.Length - 1).SelectMany(bin => Enumerable.Repeat((Edges[bin - 1] + Edges[bin]) / 2, (int)Math.Round(Expected[bin] * RowsOfRequest))).ToList();
        var large = usual.Select((amount, row) => row % 2 == 0 ? 5000.0 : amount).ToList();
        await Kubectl.ApplyAsync(PrometheusOperator.Definitions);
        var folder = Directory.CreateTempSubdirectory("slipway-prometheus-").FullName;
        try
        {
            await Kubectl.ApplyAsync($"{Manifest.Of(Steady, more: Watched)}\n---\n{Manifest.Of(Shifted, replicas: 2, more: Watched)}");
            await WaitReadyAsync(Steady);
            await WaitReadyAsync(Shifted);
            await WaitConditionAsync("Monitored", "True", "Monitored", Steady);
            await WaitConditionAsync("Monitored", "True", "Monitored", Shifted);
            using var prometheus = await PrometheusServer.StartAsync(folder, await PodsAsync(), [await RulesAsync(Steady), await RulesAsync(Shifted)], Limit);
            await Eventually.TrueAsync(async () => await prometheus.ValueAsync("count(count by (pod) (slipway_drift_observations_total))") == 3, "each pod was read before it counted anything", Limit);

            await SendAsync(Steady, usual);
            await SendAsync(Shifted, large);

            await AgreesAsync(prometheus, Steady, usual, "False", "NoDrift");
            var drift = await AgreesAsync(prometheus, Shifted, large, "True", "Drifted");
            drift.Should().BeGreaterThan(1);
            await Eventually.TrueAsync(async () => await prometheus.ValueAsync(Firing(Shifted, "amount")) == 1, "the alert fires", Limit);
            (await prometheus.ValueAsync(Firing(Steady, "amount"))).Should().BeNull("nothing strays there");
            (await prometheus.ValueAsync(Firing(Shifted, "card_present"))).Should().BeNull("nothing strays there");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await Kubectl.RunAsync(PrometheusOperator.Delete);
        }
    }

    /// <returns>The index that all three come to.</returns>
    private async Task<double> AgreesAsync(PrometheusServer prometheus, string model, IReadOnlyList<double> amounts, string status, string reason)
    {
        var index = Index(amounts);
        var near = Math.Max(0.01 * index, 0.005);
        double? told = null;
        await Eventually.TrueAsync(
            async () => (told = await prometheus.ValueAsync($"feature:slipway_drift:psi{{model=\"{model}\",feature=\"amount\"}}")) is { } value && Math.Abs(value - index) <= near,
            () => $"Prometheus tells an index of {index} for {model}; it tells {told}",
            Limit);
        await WaitConditionAsync("Drifted", status, reason, model);
        if (status == "True")
        {
            (await Kubectl.GetAsync($"md/{model}", "{.status.drift.feature}")).Should().Be("amount");
            double.Parse(await Kubectl.GetAsync($"md/{model}", "{.status.drift.score}"), System.Globalization.CultureInfo.InvariantCulture).Should().BeApproximately(index, near);
        }

        return index;
    }

    /// <summary>The population stability index of amounts, from nothing but the baseline and the amounts.</summary>
    private static double Index(IReadOnlyList<double> amounts)
    {
        // Low, a bin up to each edge but the first, high, missing.
        var shares = Enumerable.Range(0, Expected.Length).Select(bin => (double)amounts.Count(amount => Math.Max(1, Array.FindIndex([.. Edges, double.PositiveInfinity], edge => amount <= edge)) == bin) / amounts.Count);
        var score = 0.0;
        foreach (var (share, ratio) in shares.Zip(Expected))
        {
            var (actual, expected) = (Math.Max(share, 1e-4), Math.Max(ratio, 1e-4));
            score += (actual - expected) * Math.Log(actual / expected);
        }

        return score;
    }

    private async Task SendAsync(string model, List<double> amounts)
    {
        using var client = new HttpClient { BaseAddress = await ServiceAsync(model) };
        // A flat list: amount, hour, merchant_category, card_present, and the rest, which nobody watches here.
        var data = amounts.SelectMany((amount, row) => Enumerable.Repeat(2.0, Features - 4).Prepend(row % 4 == 0 ? 0 : 1).Prepend(1).Prepend(12).Prepend(amount));
        var request = new JsonObject
        {
            ["inputs"] = new JsonArray(new JsonObject
            {
                ["name"] = "features",
                ["datatype"] = "FP32",
                ["shape"] = new JsonArray(amounts.Count, Features),
                ["data"] = new JsonArray([.. data.Select(number => JsonValue.Create(number))]),
            }),
        };
        for (var i = 0; i < Requests; i++)
        {
            using var answer = await client.PostAsJsonAsync(new Uri($"/v2/models/{model}/infer", UriKind.Relative), request);
            answer.IsSuccessStatusCode.Should().BeTrue("the answer was {0}", await answer.Content.ReadAsStringAsync());
        }
    }

    private async Task<IEnumerable<(string Address, string Namespace, string Pod)>> PodsAsync() =>
        (await Kubectl.GetAsync("pods", "{range .items[*]}{.metadata.name} {.status.podIP}{\"\\n\"}{end}")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Select(parts => ($"{parts[1]}:8082", Namespace, parts[0]))
            .ToList();

    private async Task<JsonNode> RulesAsync(string model) => JsonNode.Parse(await Kubectl.GetAsync($"prometheusrule/{model}", "{.spec}"))!;

    private static string Firing(string model, string feature) =>
        $"ALERTS{{alertname=\"SlipwayFeatureDrift\",alertstate=\"firing\",model=\"{model}\",feature=\"{feature}\"}}";

    private static double[] Numbers(JsonNode list) => [.. list.AsArray().Select(number => (double)number!)];
}
