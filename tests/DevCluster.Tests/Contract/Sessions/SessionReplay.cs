using System.Diagnostics;
using System.Text.Json.Nodes;
using Slipway.DevCluster.Tests.Contract.Replay;

namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>
/// A cluster in this process, without node and operator, on which the recorded commands run one after the other. What the recorder did beside
/// kubectl happens here too: replicas changed under a watch, a condition set under a wait.
/// </summary>
internal sealed class SessionReplay : IAsyncDisposable
{
    private const string Namespace = "sess";
    private const string Widget = $"/apis/example.slipway.dev/v1alpha1/namespaces/{Namespace}/widgets/w";
    private const string ReadyStatus = """
        {"status":{"conditions":[{"type":"Ready","status":"True","reason":"Done","message":"done","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
        """;
    private static readonly string[] RolledOutCounts = ["replicas", "updatedReplicas", "availableReplicas"];
    private readonly string _home = Directory.CreateTempSubdirectory("slipway-sessions-").FullName;
    private readonly Cluster _cluster;
    private readonly ContractClient _client;
    private readonly CaseSetup _setup;
    private readonly ClientPrograms _clients;
    private readonly ObservedRequests _observed;
    private KubeletStandIn? _kubelet;

    private SessionReplay(Cluster cluster)
    {
        _cluster = cluster;
        _client = new ContractClient(cluster.ApiServer.ClientConfiguration(""));
        _setup = new CaseSetup(_client, TimeProvider.System);
        _observed = new ObservedRequests(cluster.ApiServer);
        _clients = new ClientPrograms(_home);
    }

    public static async Task<SessionReplay> StartAsync(CancellationToken cancellationToken)
    {
        Cluster cluster = await Cluster.StartAsync(new ClusterOptions { WithNode = false, Operator = null }, cancellationToken);
        SessionReplay replay = new(cluster);
        await replay.PrepareAsync(cancellationToken);
        return replay;
    }

    public async Task<SessionRun> RunAsync(RecordedSession session, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        if (session.StartsWithoutCache)
        {
            _clients.ForgetCache();
        }

        _observed.Take();
        using Process process = _clients.Start(session.Program, session.Arguments);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await PlayAlongAsync(session.Name, process, cancellationToken);
        output += await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await _observed.ReachAsync(session.Requests.Count, cancellationToken);
        return new SessionRun(IsEnded(session.Name) ? null : process.ExitCode, output, await error, _observed.Take());
    }

    public async ValueTask DisposeAsync()
    {
        if (_kubelet is not null)
        {
            await _kubelet.DisposeAsync();
        }

        _observed.Dispose();
        _client.Dispose();
        await _cluster.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    private static bool IsEnded(string name) => name == "27-get-watch";

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _cluster.ApiServer.WriteKubeconfig(_clients.Kubeconfig);
        await _clients.RunAsync(ClientPrograms.Kubectl, ["config", "set-context", "--current", $"--namespace={Namespace}"], cancellationToken);
        await _setup.DefineWidgetsAsync(cancellationToken);
        await _setup.MakeNamespaceAsync(Namespace, cancellationToken);
        _kubelet = await KubeletStandIn.StartAsync(_client, Namespace, TimeProvider.System, cancellationToken);
        await _setup.UntilPodsAreBoundAsync(cancellationToken);
    }

    /// <summary>The recorder's sessions found roll-outs finished; so do these.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await _setup.UntilAsync($"/apis/apps/v1/namespaces/{Namespace}/deployments", answer => Items(answer).All(IsRolledOut), cancellationToken);
        await _setup.UntilAsync($"/api/v1/namespaces/{Namespace}/pods", answer => Items(answer).All(pod => pod["metadata"]!["deletionTimestamp"] is null), cancellationToken);
    }

    private static IEnumerable<JsonNode> Items(Answer answer) => answer.Body!["items"]!.AsArray().Select(item => item!);

    private static bool IsRolledOut(JsonNode deployment)
    {
        int Of(string part, string field) => deployment[part]?[field]?.GetValue<int>() ?? 0;
        int wanted = Of("spec", "replicas");
        return Of("status", "observedGeneration") == Of("metadata", "generation")
            && RolledOutCounts.All(field => Of("status", field) == wanted);
    }

    /// <summary>Does what happened beside kubectl while it ran; what it printed meanwhile is the result.</summary>
    private async Task<string> PlayAlongAsync(string name, Process process, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case "27-get-watch":
                string listed = await LineAsync(process, cancellationToken) + await LineAsync(process, cancellationToken);
                await _client.CallAsync("PATCH", Widget, JsonNode.Parse("""{"spec":{"replicas":3}}"""), cancellationToken);
                string watched = await LineAsync(process, cancellationToken);
                process.Kill();
                return listed + watched;
            case "32-wait-widget":
                await _observed.ReachAsync(1, cancellationToken);
                await _client.CallAsync("PATCH", Widget + "/status", JsonNode.Parse(ReadyStatus), cancellationToken);
                return "";
            default:
                return "";
        }
    }

    private static async Task<string> LineAsync(Process process, CancellationToken cancellationToken) =>
        await process.StandardOutput.ReadLineAsync(cancellationToken) + "\n";
}
