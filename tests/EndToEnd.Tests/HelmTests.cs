using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Slipway.DevCluster;
using Slipway.DevCluster.ApiServer.Http;
using Slipway.DevCluster.Nodes;
using Slipway.EndToEnd.Tests.Support;
using Slipway.Operator.Manifests;

namespace Slipway.EndToEnd.Tests;

/// <summary>The chart, installed by the real helm on a cluster of its own, with the operator in pods and with rights that the chart made.</summary>
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class HelmTests
{
    private const string ReleaseNamespace = AllAsked.LeaseNamespace;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<ObservedRequest> _requests = new();
    private DirectoryInfo _folder = null!;
    private Cluster _cluster = null!;
    private Kubectl _kubectl = null!;
    private Kubectl _release = null!;
    private Helm _helm = null!;

    private static string Operator => Path.Combine(
        AppContext.BaseDirectory.Replace("Slipway.EndToEnd.Tests", "Slipway.Operator", StringComparison.Ordinal), "slipway-operator");

    [SetUp]
    public async Task StartCluster()
    {
        using var limit = new CancellationTokenSource(Limit);
        _folder = Directory.CreateTempSubdirectory("slipway-helm-");
        var kubeconfig = Path.Combine(_folder.FullName, "config");
        _cluster = await Cluster.StartAsync(
            new()
            {
                KubeconfigPath = kubeconfig,
                Operator = null,
                Mounts = [HostMount.Parse($"{Repository.Sample("fraud-detection/models")}=/models")],
                Images =
                [
                    .. OperatorComposition.DefaultImages(),
                    new("ghcr.io/slipway/operator")
                    {
                        Executable = Operator,
                        Environment = OperatorComposition.Dotnet(),
                        AddressVariables = [Api.ServerContract.BindAddressVariable],
                    },
                ],
            },
            limit.Token);
        _requests.Clear();
        _cluster.ApiServer.RequestObserved += _requests.Enqueue;
        AllAsked.Collect(_cluster);
        (_kubectl, _release) = (new(kubeconfig, "default"), new(kubeconfig, ReleaseNamespace));
        _helm = new(kubeconfig, _folder.FullName);
    }

    [TearDown]
    public async Task StopCluster()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed)
        {
            await TestContext.Out.WriteLineAsync((await _kubectl.TryAsync("get", "pods,events,md", "-A", "-o", "wide")).ToString());
            await TestContext.Out.WriteLineAsync((await _release.TryAsync("logs", "-l", "app.kubernetes.io/name=slipway-operator", "--tail=50")).ToString());
        }

        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Test]
    public async Task An_installed_operator_serves_a_model_and_what_serves_outlives_it()
    {
        await InstallAsync();
        await _release.RunAsync("rollout", "status", "deployment/slipway", "--timeout=60s");

        await _kubectl.ApplyAsync(Manifest.Of());
        await _kubectl.RunAsync("wait", "--for=condition=Ready", "md/fraud-detector", "--timeout=90s");
        await _kubectl.RunAsync("scale", "md/fraud-detector", "--replicas=1");
        await _kubectl.RunAsync("wait", "--for=jsonpath={.status.replicas}=1", "md/fraud-detector", "--timeout=60s");
        await RequestsAreGrantedAsync("clusterrole/slipway");

        await _helm.RunAsync("upgrade", "slipway", Helm.Chart, "--namespace", ReleaseNamespace, "--set", "workers=8,rbac.aggregateToEdit=true", "--wait", "--timeout", "2m");
        await RightsAreHandedOnAsync();
        await _helm.RunAsync("uninstall", "slipway", "--namespace", ReleaseNamespace, "--wait");

        (await _release.RunAsync("get", "deployments", "-o", "name")).Should().BeEmpty();
        (await _kubectl.GetAsync("md/fraud-detector", "{.status.conditions[?(@.type==\"Ready\")].status}")).Should().Be("True", "the API and its objects stay");
        using var client = new HttpClient { BaseAddress = new($"http://{await _kubectl.GetAsync("service/fraud-detector", "{.spec.clusterIP}")}:8080") };
        Prediction.Labels(await Prediction.SendAsync(client, "fraud-detector", CancellationToken.None)).Should().Equal(0, 1);
    }

    [Test]
    public async Task An_operator_of_some_namespaces_has_roles_there_and_acts_nowhere_else()
    {
        foreach (var name in new[] { "payments", "search", "other" })
        {
            await _kubectl.RunAsync("create", "namespace", name);
        }

        await InstallAsync("watchNamespaces={payments,search}");
        foreach (var name in new[] { "payments", "other" })
        {
            await new Kubectl(_cluster.KubeconfigPath, name).ApplyAsync(Manifest.Of());
        }

        await new Kubectl(_cluster.KubeconfigPath, "payments").RunAsync("wait", "--for=condition=Ready", "md/fraud-detector", "--timeout=90s");

        (await new Kubectl(_cluster.KubeconfigPath, "other").RunAsync("get", "deployments", "-o", "name")).Should().BeEmpty();
        (await _kubectl.RunAsync("get", "clusterrolebindings", "-o", "name")).Should().NotContain("slipway");
        await RequestsAreGrantedAsync("role/slipway", "payments");
        OperatorRequests().Where(request => !request.Path.StartsWith("/apis?", StringComparison.Ordinal) && request.Path != "/apis")
            .Should().OnlyContain(request => request.Path.Contains("/namespaces/payments/") || request.Path.Contains("/namespaces/search/") || request.Path.Contains($"/namespaces/{ReleaseNamespace}/"));
    }

    [Test]
    public async Task The_operator_tells_of_every_model_and_brings_its_alerts()
    {
        await _kubectl.ApplyAsync(PrometheusOperator.Definitions);
        await InstallAsync("monitoring.enabled=true", "monitoring.labels.release=prometheus", "monitoring.runbookUrl=https://wiki.acme.example/{alert}?lang=en");
        await Promtool.CheckAsync("rules", await _release.GetAsync("prometheusrule/slipway", "{.spec}"));
        const string runbooks = "{.spec.groups[*].rules[*].annotations.runbook_url}";
        (await _release.GetAsync("prometheusrule/slipway", runbooks)).Split(' ').Should().HaveCount(3).And.Contain("https://wiki.acme.example/SlipwayModelStalled?lang=en");
        (await _release.GetAsync("servicemonitor/slipway", "{.metadata.labels.release} {.spec.endpoints[0].port} {.spec.endpoints[0].honorLabels}")).Should().Be("prometheus http true");
        await _kubectl.ApplyAsync(Manifest.Of(more: "  monitoring: {noTraffic: {}}"));
        await _kubectl.RunAsync("wait", "--for=condition=Ready", "md/fraud-detector", "--timeout=90s");
        (await _kubectl.GetAsync("prometheusrule/fraud-detector", runbooks)).Should().Contain("https://wiki.acme.example/SlipwayNoTraffic?lang=en");

        var addresses = (await _release.GetAsync("pods", "{.items[*].status.podIP}")).Split(' ');
        addresses.Should().HaveCount(2);
        foreach (var address in addresses)
        {
            const string ready = "slipway_modeldeployment_status_condition{namespace=\"default\",name=\"fraud-detector\",type=\"Ready\",status=\"True\"} 1\n";
            var metrics = await MetricsAsync(address, text => text.Contains(ready, StringComparison.Ordinal) && text.Contains("\nleader_election_master_status{", StringComparison.Ordinal));
            await Promtool.CheckAsync("metrics", metrics[metrics.IndexOf("# HELP slipway_modeldeployment_", StringComparison.Ordinal)..]);
        }

        await _kubectl.RunAsync("delete", "md/fraud-detector");
        await MetricsAsync(addresses[0], text => !text.Contains("name=\"fraud-detector\"", StringComparison.Ordinal));
    }

    [TestCase("workers=0", "workers")]
    [TestCase("replica=3", "replica")]
    [TestCase("logLevel=Loud", "logLevel")]
    [TestCase("monitoring.runbookUrl=https://wiki.acme.example/", "runbookUrl")]
    [TestCase("monitoring.runbookUrl=wiki.acme.example/{alert}", "runbookUrl")]
    [TestCase("monitoring.runbookUrl=https://{alert}.wiki.acme.example/", "runbookUrl")]
    [TestCase("monitoring.runbookUrl=https://wiki.acme.example/{alert}?cost=$1", "runbookUrl")]
    [TestCase("monitoring.runbookUrl=https://wiki.acme.example/{alert} of mine", "runbookUrl")]
    public async Task A_value_that_is_wrong_is_refused_by_name(string value, string name)
    {
        var refused = await _helm.TryAsync("template", "slipway", Helm.Chart, "--set", value);

        refused.ExitCode.Should().NotBe(0);
        refused.Error.Should().Contain(name);
    }

    private Task<string> InstallAsync(params string[] values) => _helm.RunAsync(
        ["install", "slipway", Helm.Chart, "--namespace", ReleaseNamespace, "--create-namespace", "--wait", "--timeout", "2m", .. values.SelectMany(value => new[] { "--set", value })]);

    /// <summary>What an operator tells once it is so. Prometheus would rather have OpenMetrics, and asks so.</summary>
    private static async Task<string> MetricsAsync(string address, Func<string, bool> condition)
    {
        using var client = new HttpClient { DefaultRequestHeaders = { { "Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5" } } };
        var text = "";
        await Eventually.TrueAsync(async () => condition(text = await client.GetStringAsync(new Uri($"http://{address}:8080/metrics"))), () => $"the metrics of {address} are as they should be: {text}", Limit);
        return text;
    }

    private IEnumerable<ObservedRequest> OperatorRequests() => _requests.Where(request => request.UserAgent.StartsWith("slipway-operator", StringComparison.Ordinal));

    /// <summary>Everything that the operator asked for is in the role, or in that of its Lease.</summary>
    private async Task RequestsAreGrantedAsync(string role, string @namespace = "default")
    {
        var rules = (await RulesAsync(new(_cluster.KubeconfigPath, @namespace), role)).Concat(await RulesAsync(_release, "role/slipway-leader-election")).ToList();
        var asked = OperatorRequests().Select(request => AskedFor.Of(request.Verb, request.Path)).OfType<AskedFor>().Distinct().ToList();

        OperatorRequests().Select(request => request.User).Distinct().Should().Equal($"system:serviceaccount:{ReleaseNamespace}:slipway");
        OperatorRequests().Where(request => request.Code == (int)HttpStatusCode.Forbidden).Should().BeEmpty();
        asked.Should().NotBeEmpty();
        asked.Where(access => !rules.Any(rule => access.IsIn(rule))).Should().BeEmpty();
    }

    /// <summary>Who may view or edit a namespace may view or edit the models in it, as soon as the cluster's own roles have gathered the chart's.</summary>
    private async Task RightsAreHandedOnAsync()
    {
        await _kubectl.RunAsync("wait", "clusterrole/edit", "--for=jsonpath={.rules[?(@.resources[0]==\"modeldeployments/scale\")].verbs[1]}=patch", "--timeout=30s");
        foreach (var role in new[] { "view", "edit" })
        {
            await _kubectl.RunAsync("create", "rolebinding", role, $"--clusterrole={role}", $"--user={role switch { "view" => "viewer", _ => "editor" }}");
        }

        (await MayAsync("viewer", "list")).Should().Be("yes");
        (await MayAsync("viewer", "patch")).Should().Be("no");
        (await MayAsync("editor", "patch")).Should().Be("yes");
        (await MayAsync("nobody", "list")).Should().Be("no");
    }

    private async Task<string> MayAsync(string user, string verb) =>
        (await _kubectl.TryAsync("auth", "can-i", verb, "modeldeployments.slipway.dev", "--as", user)).Output.Trim();

    private static async Task<IEnumerable<JsonObject>> RulesAsync(Kubectl kubectl, string role) =>
        Yaml.Parse(await kubectl.RunAsync("get", role, "-o", "yaml"))!["rules"]!.AsArray().Select(rule => rule!.AsObject());
}
