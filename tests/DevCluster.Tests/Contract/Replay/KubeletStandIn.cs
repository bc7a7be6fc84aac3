using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Replay;

/// <summary>
/// Plays the kubelet of the one node for a namespace, as the recordings' helper did: a bound pod with the label <c>run=yes</c> becomes Running
/// and Ready (Succeeded when it is never to be restarted), a terminating pod is removed after a while.
/// </summary>
internal sealed class KubeletStandIn : IAsyncDisposable
{
    public const string NodeName = "node-a";
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <summary>Longer than the recordings' helper took: what was seen of ending pods then must still be there when a slow machine asks for it.</summary>
    private static readonly TimeSpan Termination = TimeSpan.FromSeconds(2);
    private static readonly string[] Conditions = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];
    private readonly ContractClient _client;
    private readonly string _pods;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private readonly Dictionary<string, long> _terminating = [];
    private int _lastAddress;

    private KubeletStandIn(ContractClient client, string ns, TimeProvider time)
    {
        _client = client;
        _pods = $"/api/v1/namespaces/{ns}/pods";
        _time = time;
        _running = RunAsync(_stopping.Token);
    }

    /// <summary>Makes the node Ready and starts to look after the pods of <paramref name="ns"/>.</summary>
    public static async Task<KubeletStandIn> StartAsync(ContractClient client, string ns, TimeProvider time, CancellationToken cancellationToken)
    {
        JsonObject node = new() { ["apiVersion"] = "v1", ["kind"] = "Node", ["metadata"] = new JsonObject { ["name"] = NodeName } };
        await client.CallAsync("POST", "/api/v1/nodes", node, cancellationToken, 409);
        JsonObject room = new() { ["cpu"] = "64", ["memory"] = "256Gi", ["pods"] = "500" };
        JsonObject status = new()
        {
            ["capacity"] = room,
            ["allocatable"] = room.DeepClone(),
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "KubeletReady" }),
        };
        await client.CallAsync("PATCH", $"/api/v1/nodes/{NodeName}/status", new JsonObject { ["status"] = status }, cancellationToken);
        return new KubeletStandIn(client, ns, time);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                JsonNode? list = await _client.CallAsync("GET", _pods, null, cancellationToken);
                foreach (JsonNode? pod in list!["items"]!.AsArray())
                {
                    await LookAfterAsync(pod!, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The case is over.
        }
    }

    private async Task LookAfterAsync(JsonNode pod, CancellationToken cancellationToken)
    {
        string path = $"{_pods}/{pod["metadata"]!["name"]}";
        if (pod["spec"]!["nodeName"]?.ToString() != NodeName)
        {
            return;
        }

        if (pod["metadata"]!["deletionTimestamp"] is not null)
        {
            string uid = pod["metadata"]!["uid"]!.ToString();
            _terminating.TryAdd(uid, _time.GetTimestamp());
            if (_time.GetElapsedTime(_terminating[uid]) >= Termination)
            {
                await _client.CallAsync("DELETE", path, new JsonObject { ["gracePeriodSeconds"] = 0 }, cancellationToken, 404, 409);
            }
        }
        else if (pod["status"]!["phase"]?.ToString() == "Pending" && pod["metadata"]!["labels"]?["run"]?.ToString() == "yes")
        {
            await _client.CallAsync("PATCH", path + "/status", new JsonObject { ["status"] = Started(pod) }, cancellationToken, 404, 409);
        }
    }

    private JsonObject Started(JsonNode pod)
    {
        bool finishes = pod["spec"]!["restartPolicy"]!.ToString() == "Never";
        string now = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string address = string.Create(CultureInfo.InvariantCulture, $"10.244.0.{++_lastAddress}");
        JsonArray kept = [.. (pod["status"]!["conditions"]?.AsArray() ?? []).Select(condition => condition!.DeepClone())];
        foreach (string type in Conditions.Reverse())
        {
            kept.Insert(0, Condition(type, !finishes || type == "Initialized", pod["metadata"]!["generation"], now));
        }

        return new JsonObject
        {
            ["phase"] = finishes ? "Succeeded" : "Running",
            ["hostIP"] = "10.88.0.1",
            ["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = "10.88.0.1" }),
            ["podIP"] = address,
            ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address }),
            ["startTime"] = now,
            ["conditions"] = kept,
            ["containerStatuses"] = new JsonArray([.. pod["spec"]!["containers"]!.AsArray().Select(container => Container(container!, finishes, now))]),
        };
    }

    private static JsonObject Condition(string type, bool holds, JsonNode? generation, string now) => new()
    {
        ["type"] = type,
        ["observedGeneration"] = generation?.DeepClone(),
        ["status"] = holds ? "True" : "False",
        ["lastProbeTime"] = null,
        ["lastTransitionTime"] = now,
    };

    private static JsonObject Container(JsonNode container, bool finishes, string now) => new()
    {
        ["name"] = container["name"]!.DeepClone(),
        ["image"] = container["image"]!.DeepClone(),
        ["imageID"] = "",
        ["ready"] = !finishes,
        ["started"] = !finishes,
        ["restartCount"] = 0,
        ["lastState"] = new JsonObject(),
        ["state"] = finishes
            ? new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 0, ["startedAt"] = now, ["finishedAt"] = now, ["reason"] = "Completed" } }
            : new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now } },
    };
}
