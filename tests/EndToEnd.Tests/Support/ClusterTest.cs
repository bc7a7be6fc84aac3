using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A test with a namespace of its own in the cluster that all tests share; what it made is deleted behind it.</summary>
internal abstract class ClusterTest
{
    private static int _count;

    protected static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly List<PortForward> _forwards = [];

    protected Kubectl Kubectl { get; private set; } = null!;

    protected string Namespace => Kubectl.Namespace;

    [SetUp]
    public async Task MakeNamespace()
    {
        var name = $"test-{Interlocked.Increment(ref _count)}";
        Kubectl = new(TestCluster.Kubeconfig, name);
        await Kubectl.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}");
    }

    [TearDown]
    public async Task DeleteObjects()
    {
        _forwards.ForEach(forward => forward.Dispose());
        _forwards.Clear();
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed)
        {
            await ShowAsync("md");
        }

        await Kubectl.RunAsync("delete", "modeldeployments", "--all", "--timeout=60s");
        try
        {
            await Eventually.TrueAsync(async () => (await Kubectl.RunAsync("get", "pods", "-o", "name")).Trim().Length == 0, "all pods are gone", Limit);
        }
        catch (TimeoutException)
        {
            await ShowAsync("deploy,rs,pods");
            throw;
        }
    }

    private async Task ShowAsync(string kinds)
    {
        await TestContext.Out.WriteLineAsync((await Kubectl.TryAsync("get", "md,deploy,rs,pods,svc,events", "-o", "wide")).ToString());
        await TestContext.Out.WriteLineAsync((await Kubectl.TryAsync("get", kinds, "-o", "yaml")).ToString());
    }

    protected Task WaitReadyAsync(string name = "fraud-detector", string timeout = "90s") =>
        Kubectl.RunAsync("wait", "--for=condition=Ready", $"md/{name}", $"--timeout={timeout}");

    /// <summary>Applies, and waits until Ready speaks of what was applied.</summary>
    protected async Task ServeAsync(string manifest)
    {
        await Kubectl.ApplyAsync(manifest);
        await WaitReadyAsync();
    }

    /// <summary>As <see cref="ServeAsync"/>, and waits until the version's digest is known, after which nothing more is to be written.</summary>
    protected async Task SettleAsync(string manifest)
    {
        await ServeAsync(manifest);
        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.model.digest}", "md/fraud-detector", "--timeout=60s");
    }

    /// <summary>Address of the model's Service, reachable from this machine.</summary>
    protected Task<Uri> ServiceAsync(string name = "fraud-detector") => AddressAsync($"service/{name}", "{.spec.clusterIP}", 8080);

    /// <summary>Address of a pod's management port, reachable from this machine; the test has one pod.</summary>
    protected async Task<Uri> ManagementAsync() => await AddressAsync($"pod/{await Kubectl.GetAsync("pods", "{.items[0].metadata.name}")}", "{.status.podIP}", 8082);

    /// <param name="ip">JSONPath of its address in the cluster, which in a local one is of this machine.</param>
    private async Task<Uri> AddressAsync(string target, string ip, int port)
    {
        var address = await Kubectl.GetAsync(target, ip);
        if (IPAddress.IsLoopback(IPAddress.Parse(address)))
        {
            return new($"http://{address}:{port}");
        }

        var forward = new PortForward(Kubectl, target, port);
        _forwards.Add(forward);
        return await forward.AddressAsync(Limit);
    }

    protected async Task<JsonObject> PredictAsync(string name = "fraud-detector")
    {
        using var client = new HttpClient { BaseAddress = await ServiceAsync(name) };
        return await Prediction.SendAsync(client, name, CancellationToken.None);
    }

    /// <summary>Waits until an event of this type and reason is told; events follow the status that they speak of.</summary>
    protected Task EventAsync(string type, string reason, string name = "fraud-detector") => Eventually.TrueAsync(
        async () => (await Kubectl.RunAsync("get", "events", $"--field-selector=type={type},reason={reason}")).Contains(name, StringComparison.Ordinal),
        $"the {type} event {reason} is told",
        Limit);

    /// <summary>Waits until a condition has this status and reason, and returns its message.</summary>
    protected async Task<string> WaitConditionAsync(string type, string status, string reason, string name = "fraud-detector")
    {
        var path = $"{{range .status.conditions[?(@.type==\"{type}\")]}}{{.status}}|{{.reason}}|{{.message}}{{end}}";
        var seen = "";
        await Eventually.TrueAsync(
            async () => (seen = await Kubectl.GetAsync($"md/{name}", path)).StartsWith($"{status}|{reason}|", StringComparison.Ordinal),
            () => $"{type} is {status} for {reason}; last seen: {seen}",
            Limit);
        return seen.Split('|', 3)[2];
    }
}
