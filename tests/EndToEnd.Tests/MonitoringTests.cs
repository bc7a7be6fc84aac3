using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Monitoring with and without the Prometheus Operator's kinds, which come and go while the operator runs.</summary>
internal sealed partial class MonitoringTests : ClusterTest
{
    private const string Everything = """
          monitoring:
            accuracy: {metric: Recall, class: "1", minimum: 0.25}
            slo: {availability: 99.9, latency: {threshold: 50ms}}
            noTraffic: {}
            ruleLabels: {release: prometheus}
        """;

    [OwnCluster(OwnClusterAttribute.Requests)]
    [Test]
    public async Task A_model_serves_without_the_prometheus_operator_and_one_that_comes_is_noticed()
    {
        await ServeAsync(Manifest.Of(more: Everything));
        (await WaitConditionAsync("Monitored", "False", "PrometheusOperatorMissing")).Should().Contain("monitoring.coreos.com/v1");
        await WaitConditionAsync("Ready", "True", "Ready");

        var before = TestCluster.Requests.Count;
        await Kubectl.ApplyAsync(PrometheusOperator.Definitions);
        try
        {
            await WaitConditionAsync("Monitored", "True", "Monitored");

            foreach (var resource in new[] { "servicemonitor/fraud-detector", "prometheusrule/fraud-detector" })
            {
                var metadata = JsonNode.Parse(await Kubectl.GetAsync(resource, "{.metadata}"))!;
                ((string?)metadata["labels"]!["release"]).Should().Be("prometheus");
                ((string?)metadata["ownerReferences"]![0]!["kind"]).Should().Be("ModelDeployment");
            }

            await ScrapedAsync();
            var rules = await Kubectl.GetAsync("prometheusrule/fraud-detector", "{.spec}");
            rules.Should().Contain("\"keep_firing_for\"", "the definition has this field, and drops what it does not have");
            await Promtool.CheckAsync("rules", rules);

            await ChangedAsync();
            await Kubectl.ApplyAsync(Manifest.Of());
            await Eventually.TrueAsync(async () => (await Kubectl.RunAsync("get", "servicemonitors,prometheusrules", "-o", "name")).Trim().Length == 0, "both are pruned", Limit);
            await Eventually.TrueAsync(async () => await Kubectl.GetAsync("md/fraud-detector", "{.status.conditions[*].type}") == "Ready Serving", "status speaks of them no longer", Limit);
            Writes(before).Should().BeEquivalentTo(
                ["PATCH servicemonitors", "PATCH prometheusrules", "PATCH prometheusrules", "DELETE servicemonitors", "DELETE prometheusrules"], "nothing is written twice");
        }
        finally
        {
            await Kubectl.RunAsync(PrometheusOperator.Delete);
        }
    }

    [OwnCluster(OwnClusterAttribute.Its)]
    [Test]
    public async Task A_monitor_of_somebody_else_holds_up_nothing_but_monitoring()
    {
        await Kubectl.ApplyAsync(PrometheusOperator.Definitions);
        try
        {
            await Kubectl.ApplyAsync("{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: fraud-detector}, spec: {endpoints: [], selector: {}}}");
            await ServeAsync(Manifest.Of(more: $$"""
                  networkPolicy: {enabled: true}
                  autoscaling: {minReplicas: 1, maxReplicas: 2, metrics: [{type: RequestsPerSecond, target: 20}]}
                {{Everything}}
                """));
            (await WaitConditionAsync("Monitored", "False", "ChildNameTaken")).Should().Contain("is controlled by nobody");
            (await WhatStandsAsync()).Should().Be("horizontalpodautoscaler.autoscaling/fraud-detector networkpolicy.networking.k8s.io/fraud-detector");

            await Kubectl.ApplyAsync(Manifest.Of(more: Everything));

            await Eventually.TrueAsync(async () => (await WhatStandsAsync()).Length == 0, "what is no longer wanted is pruned", Limit);
            (await WaitConditionAsync("Monitored", "False", "ChildNameTaken")).Should().Contain("ServiceMonitor");
            (await Kubectl.GetAsync("servicemonitor/fraud-detector", "{.metadata.ownerReferences}")).Should().BeEmpty("it is somebody else's");
        }
        finally
        {
            await Kubectl.RunAsync(PrometheusOperator.Delete);
        }

        async Task<string> WhatStandsAsync() => string.Join(' ', (await Kubectl.RunAsync("get", "hpa,networkpolicies", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [OwnCluster(OwnClusterAttribute.Its)]
    [Test, Category("Long")]
    public async Task Kinds_that_go_and_come_again_fail_no_reconcile_and_cost_few_requests()
    {
        string[] models = [.. Enumerable.Range(1, 10).Select(number => $"model-{number}")];
        await Kubectl.ApplyAsync(PrometheusOperator.Definitions);
        try
        {
            await Kubectl.ApplyAsync(string.Join("\n---\n", models.Select(model => Manifest.Of(model, replicas: 0, more: "  monitoring: {noTraffic: {}}"))));
            await AllAsync("Monitored");
            var (failed, before) = (await FailedReconcilesAsync(), TestCluster.Requests.Count);

            await Kubectl.RunAsync(PrometheusOperator.Delete);
            await AllAsync("PrometheusOperatorMissing");

            var asked = AskedAbout("/monitoring.coreos.com/", before);
            asked.CountBy(request => request).Where(request => request.Value > 4).Should().BeEmpty("a model looks again when either kind went, and when its own status says so, but never because it failed");
            var gone = TestCluster.Requests.Count;
            await Kubectl.ApplyAsync(PrometheusOperator.Definitions);
            await AllAsync("Monitored");

            // A write of before may be refused only now.
            TestCluster.Requests.Skip(gone)
                .Where(request => request.Verb == "PATCH" && request.Path.Contains($"/monitoring.coreos.com/v1/namespaces/{Namespace}/", StringComparison.Ordinal) && request.Code != (int)HttpStatusCode.NotFound)
                .Select(request => request.Path)
                .Should().HaveCount(2 * models.Length).And.OnlyHaveUniqueItems();
            (await FailedReconcilesAsync()).Should().Be(failed);
        }
        finally
        {
            await Kubectl.RunAsync(PrometheusOperator.Delete);
        }

        Task AllAsync(string reason) => Eventually.TrueAsync(
            async () => (await Kubectl.GetAsync("md", "{.items[*].status.conditions[?(@.type==\"Monitored\")].reason}")).Split(' ').Count(told => told == reason) == models.Length,
            $"all models tell {reason}",
            Limit);
    }

    [TestCase("accuracy: {metric: Recall, minimum: 0.8}", "spec.monitoring.accuracy.class", "Precision, Recall and F1 are of one class")]
    [TestCase("accuracy: {metric: Accuracy, class: fraud, minimum: 0.8}", "spec.monitoring.accuracy.class", "the other metrics have none")]
    [TestCase("accuracy: {metric: Accuracy}", "spec.monitoring.accuracy.minimum", "every metric but MAE and RMSE needs minimum")]
    [TestCase("accuracy: {metric: MAE, minimum: 3}", "spec.monitoring.accuracy.maximum", "MAE and RMSE need maximum")]
    [TestCase("accuracy: {metric: Accuracy, minimum: 1.5}", "spec.monitoring.accuracy.minimum", "a share from 0 to 1")]
    [TestCase("accuracy: {metric: Luck, minimum: 1}", "spec.monitoring.accuracy.metric", "\"Accuracy\", \"Precision\"")]
    [TestCase("slo: {availability: 99.999}", "spec.monitoring.slo.availability", "less than or equal to 99.99")]
    [TestCase("drift: {window: 30s}", "spec.monitoring.drift.window", "must be from 1m to 720h")]
    [TestCase("drift: {threshold: 0}", "spec.monitoring.drift.threshold", "greater than or equal to 0.01")]
    [TestCase("ruleLabels: {slipway.dev/model: other}", "spec.monitoring.ruleLabels", "the operator's own")]
    [TestCase("ruleLabels: {release: 'a b'}", "spec.monitoring.ruleLabels.release")]
    public async Task What_cannot_be_is_refused_at_apply(string monitoring, params string[] words)
    {
        var result = await Kubectl.TryApplyAsync(Manifest.Of(more: $"  monitoring: {{{monitoring}}}"));

        result.ExitCode.Should().NotBe(0);
        words.Should().OnlyContain(word => result.Error.Contains(word, StringComparison.Ordinal), "kubectl said: {0}", result.Error);
    }

    [OwnCluster(OwnClusterAttribute.Processes)]
    [Test]
    public async Task The_operators_figures_can_be_read_by_a_Prometheus_which_asks_for_them_compressed()
    {
        await ServeAsync(Manifest.Of());
        using var handler = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.GZip };
        using var client = new HttpClient(handler) { BaseAddress = TestCluster.Operator };

        var ready = $"slipway_modeldeployment_status_condition{{namespace=\"{Namespace}\",name=\"fraud-detector\",type=\"Ready\",status=\"True\"}} 1";
        var metrics = "";
        // It tells what its cache holds, which learns of its own writes by the watch.
        await Eventually.TrueAsync(
            async () => (metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains(ready, StringComparison.Ordinal), () => $"the model is told as Ready: {metrics}", Limit);

        metrics.Should().Contain("controller_runtime_reconcile_total{");
    }

    [OwnCluster(OwnClusterAttribute.Processes)]
    [Test]
    public async Task The_operators_figures_are_of_its_own_controller_and_not_of_the_clusters()
    {
        await ServeAsync(Manifest.Of());
        using var client = new HttpClient { BaseAddress = TestCluster.Operator };

        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Controllers().Matches(metrics).Select(match => match.Groups[1].Value).Distinct().Should().Equal("modeldeployment");
        metrics.Split('\n').Where(line => line.StartsWith("workqueue_unfinished_work_seconds{", StringComparison.Ordinal)).Should().ContainSingle();
        metrics.Should().Contain("rest_client_requests_total{").And.Contain("workqueue_longest_running_processor_seconds{");
    }

    [Test]
    public async Task What_is_not_said_has_its_default()
    {
        await Kubectl.ApplyAsync(Manifest.Of(more: "  monitoring: {slo: {latency: {threshold: 50ms}}}"));

        (await Kubectl.GetAsync("md/fraud-detector", "{.spec.monitoring}")).Should().Be(
            """{"drift":{"enabled":true,"for":"1h","minSamples":500,"threshold":0.2,"window":"24h"},"slo":{"latency":{"objective":99,"threshold":"50ms"}}}""");
    }

    [GeneratedRegex("[{,]controller=\"([^\"]*)\"")]
    private static partial Regex Controllers();

    /// <summary>What the operator wrote of the two kinds, as verb and plural.</summary>
    private IEnumerable<string> Writes(int from) => TestCluster.OperatorWrites(Namespace, from)
        .Where(write => write.Contains("/monitoring.coreos.com/", StringComparison.Ordinal) && !write.Contains("dryRun", StringComparison.Ordinal))
        .Select(write => write.Split(' ', '/'))
        .Select(parts => $"{parts[0]} {parts[^2]}");

    private List<string> AskedAbout(string part, int from) =>
        [.. TestCluster.OperatorRequests(Namespace, from).Where(request => request.Contains(part, StringComparison.Ordinal))];

    private static async Task<double> FailedReconcilesAsync()
    {
        using var client = new HttpClient { BaseAddress = TestCluster.Operator };
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var failed = metrics.Split('\n')
            .Where(line => line.StartsWith("controller_runtime_reconcile_total{", StringComparison.Ordinal) && line.Contains("result=\"error\"", StringComparison.Ordinal))
            .ToList();
        failed.Should().NotBeEmpty("the operator tells them, at zero too");
        return failed.Sum(line => double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Where the ServiceMonitor leads: one Service with a port of that name, whose endpoints answer there.</summary>
    private async Task ScrapedAsync()
    {
        var monitor = JsonNode.Parse(await Kubectl.GetAsync("servicemonitor/fraud-detector", "{.spec}"))!;
        var (port, path) = ((string)monitor["endpoints"]![0]!["port"]!, (string)monitor["endpoints"]![0]!["path"]!);
        var selector = string.Join(',', monitor["selector"]!["matchLabels"]!.AsObject().Select(label => $"{label.Key}={label.Value}"));
        var slices = JsonNode.Parse(await Kubectl.RunAsync("get", "endpointslices", "-l", selector, "-o", "json"))!["items"]!.AsArray()
            .Where(slice => slice!["ports"]!.AsArray().Any(known => (string?)known!["name"] == port))
            .ToList();

        slices.Should().ContainSingle("each pod is to be read once");
        var number = (int)slices[0]!["ports"]!.AsArray().Single(known => (string?)known!["name"] == port)!["port"]!;
        using var client = new HttpClient();
        var metrics = await client.GetStringAsync(new Uri($"http://{(string)slices[0]!["endpoints"]![0]!["addresses"]![0]!}:{number}{path}"));
        metrics.Should().Contain("slipway_requests_total{");
    }

    private async Task ChangedAsync()
    {
        await Kubectl.ApplyAsync(Manifest.Of(more: Everything.Replace("0.25", "0.5", StringComparison.Ordinal)));
        const string expression = "{.spec.groups[?(@.name==\"accuracy\")].rules[?(@.alert==\"SlipwayAccuracyLow\")].expr}";
        await Eventually.TrueAsync(
            async () => (await Kubectl.GetAsync("prometheusrule/fraud-detector", expression)).Contains("< 0.5)", StringComparison.Ordinal), "the rules follow the spec", Limit);
    }
}
