using System.Net;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer;

namespace Slipway.DevCluster.Tests.ApiServer.Metrics;

[CancelAfter(60_000)]
internal sealed class MetricsEndpointTests
{
    private const string Figures = "/apis/custom.metrics.k8s.io/v1beta1/namespaces/default/pods";
    private const string Usage = "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods";
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly MeasuredPods _measured = new();
    private ApiServerHost _host = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _host = await ApiServerHost.StartAsync(new ApiServerOptions { PodMetrics = _measured }, CancellationToken.None);
        _client = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, certificate, _, _) => certificate is not null }) { BaseAddress = _host.Address };
        _client.DefaultRequestHeaders.Authorization = new("Bearer", _host.Token);
        await PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        foreach (var name in new[] { "a", "b", "other" })
        {
            var made = await PostAsync("/api/v1/namespaces/default/pods", $$$"""
                {"metadata":{"name":"{{{name}}}","labels":{"app":"{{{(name == "other" ? "x" : "web")}}}"}},"spec":{"containers":[{"name":"server","image":"i"}]}}
                """);
            _measured.Uids[name] = (string)made["metadata"]!["uid"]!;
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Figures_of_the_selected_pods_are_listed_where_there_are_any()
    {
        var list = await GetAsync($"{Figures}/*/slipway_concurrency?labelSelector=app%3Dweb");

        ((string?)list["kind"]).Should().Be("MetricValueList");
        list["items"]!.AsArray().Should().ContainSingle("pod b has none, and other is not selected");
        JsonNode.DeepEquals(list["items"]![0], JsonNode.Parse("""
            {"describedObject":{"kind":"Pod","namespace":"default","name":"a","apiVersion":"/v1"},"metricName":"slipway_concurrency","timestamp":"2026-01-02T03:04:05Z",
             "windowSeconds":60,"value":"2500m","selector":null}
            """)).Should().BeTrue("the item was {0}", list["items"]![0]);
    }

    [Test]
    public async Task One_pod_can_be_asked_by_its_name() =>
        ((string?)(await GetAsync($"{Figures}/a/slipway_concurrency"))["items"]![0]!["value"]).Should().Be("2500m");

    [TestCase($"{Figures}/b/slipway_concurrency", HttpStatusCode.NotFound, "the server could not find the metric slipway_concurrency for pods b")]
    [TestCase($"{Figures}/none/slipway_concurrency", HttpStatusCode.NotFound, "pods \"none\" not found")]
    [TestCase($"{Figures}/*/packets", HttpStatusCode.NotFound, "the server could not find the metric packets for pods")]
    [TestCase($"{Figures}/*/slipway_concurrency?metricLabelSelector=a%3Db", HttpStatusCode.NotImplemented, "metricLabelSelector")]
    [TestCase("/apis/custom.metrics.k8s.io/v1beta1/namespaces/default/services/a/slipway_concurrency", HttpStatusCode.NotFound, "the server could not find the requested resource")]
    [TestCase($"{Usage}/b", HttpStatusCode.NotFound, "podmetrics.metrics.k8s.io \"default/b\" not found")]
    [TestCase("/apis/metrics.k8s.io/v1beta1/nodes", HttpStatusCode.NotFound, "the server could not find the requested resource")]
    public async Task What_is_not_there_is_said(string path, HttpStatusCode code, string message)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));

        response.StatusCode.Should().Be(code);
        ((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]).Should().Contain(message);
    }

    [Test]
    public async Task Usage_is_told_as_a_metrics_server_does()
    {
        var one = await GetAsync($"{Usage}/a");
        var all = await GetAsync("/apis/metrics.k8s.io/v1beta1/pods");

        ((string?)one["kind"]).Should().Be("PodMetrics");
        one["containers"]!.ToJsonString().Should().Be("""[{"name":"server","usage":{"cpu":"250m","memory":"64Mi"}}]""");
        ((string?)one["window"]).Should().Be("5s");
        ((string?)all["kind"]).Should().Be("PodMetricsList");
        all["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["name"]).Should().Equal("a");
    }

    [Test]
    public async Task Discovery_shows_both_groups_behind_all_others()
    {
        var groups = (await GetAsync("/apis"))["groups"]!.AsArray().Select(group => (string?)group!["name"]).ToList();
        groups.Should().EndWith(["custom.metrics.k8s.io", "metrics.k8s.io"]);
        (await GetAsync("/apis/custom.metrics.k8s.io/v1beta1"))["resources"]!.ToJsonString().Should()
            .Be("""[{"name":"pods/slipway_concurrency","singularName":"","namespaced":true,"kind":"MetricValueList","verbs":["get"]}]""");
        (await GetAsync("/apis/metrics.k8s.io/v1beta1"))["resources"]!.ToJsonString().Should()
            .Be("""[{"name":"pods","singularName":"","namespaced":true,"kind":"PodMetrics","verbs":["get","list"]}]""");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/apis");
        request.Headers.TryAddWithoutValidation("Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        using var response = await _client.SendAsync(request);
        var aggregated = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["items"]!.AsArray();
        aggregated[^2]!["versions"]![0]!["resources"]![0]!["subresources"]![0]!["subresource"]!.ToString().Should().Be("slipway_concurrency");
        aggregated[^1]!["versions"]![0]!["resources"]![0]!["responseKind"]!["kind"]!.ToString().Should().Be("PodMetrics");
    }

    private async Task<JsonObject> GetAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(new Uri(path, UriKind.Relative)))!.AsObject();

    private async Task<JsonObject> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    /// <summary>Pod <c>a</c> was measured, and no other.</summary>
    private sealed class MeasuredPods : IPodMetrics
    {
        public Dictionary<string, string> Uids { get; } = [];

        public IReadOnlyList<string> Figures => ["slipway_concurrency"];

        public PodFigure? Figure(string uid, string name) => uid == Uids["a"] ? new(2.5, Time, TimeSpan.FromMinutes(1)) : null;

        public PodUsage? Usage(string uid) => uid == Uids["a"] ? new(Time, TimeSpan.FromSeconds(5), [new("server", 0.25, 64 * 1024 * 1024)]) : null;
    }
}
