using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>How a change of <c>spec.server</c> reaches the servers: in place where it can, else by a rollout.</summary>
internal sealed class SettingsTests : ClusterTest
{
    [Test]
    public async Task A_live_setting_reaches_the_running_server_without_a_restart()
    {
        await ServeAsync(Manifest.Of(more: "  server: {requestTimeout: 5m}"));
        var pod = await PodAsync();
        using var held = await HoldRequestAsync();
        ((string?)(await PredictAsync())["model_version"]).Should().Be("1", "nothing bounds the requests yet");

        await ServeAsync(Manifest.Of(more: """
              server: {requestTimeout: 5m, maxConcurrency: 1, batching: {maxDelay: 1ms}}
              monitoring: {slo: {latency: {threshold: 50ms}}}
            """));
        await LiveAsync("""{"maxConcurrency":1,"batching":{"maxDelay":"1ms"},"slowThreshold":"50ms","requestLog":"None"}""");

        var refused = async () => await PredictAsync();
        (await refused.Should().ThrowAsync<HttpRequestException>()).Which.Message.Should().StartWith("429:");
        await ServeAsync(Manifest.Of(more: "  server: {requestTimeout: 5m, maxConcurrency: 2}"));
        await LiveAsync("""{"maxConcurrency":2,"batching":{"maxDelay":"0s"},"slowThreshold":"1s","requestLog":"None"}""");
        await PredictAsync();
        (await PodAsync()).Should().Be(pod, "the same process of the same pod serves on");
        pod.Should().EndWith(" 0", "it has not been restarted");
    }

    [Test]
    public async Task A_setting_that_needs_a_restart_is_rolled_out_as_a_new_revision()
    {
        await ServeAsync(Manifest.Of());
        var (pod, revision) = (await PodAsync(), await RevisionAsync());

        await ServeAsync(Manifest.Of(more: "  server: {batching: {mode: \"Off\", maxBatchSize: 8}}"));

        (await RevisionAsync()).Should().NotBe(revision);
        (await PodAsync()).Should().NotBe(pod);
        (await Kubectl.GetAsync($"cm/fraud-detector-{await RevisionAsync()}", "{.data.server\\.yaml}")).Should().Contain("maxBatchSize: 8");
        await PredictAsync();
    }

    /// <summary>Waits until the server says that these live settings are in force.</summary>
    private async Task LiveAsync(string settings)
    {
        using var client = new HttpClient { BaseAddress = await ManagementAsync() };
        var seen = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var live = JsonNode.Parse(await client.GetStringAsync(new Uri("/status", UriKind.Relative)))!["live"]!.AsObject();
                // Which bytes the version has is the operator's to say, and comes when a pod has told it.
                live.Remove("expected");
                return (seen = live.ToJsonString()) == settings;
            },
            () => $"the server takes up {settings}; last seen: {seen}",
            Limit);
    }

    /// <summary>Sends all of a request but its end, and returns when the server has taken it in.</summary>
    private async Task<TcpClient> HoldRequestAsync()
    {
        var service = await ServiceAsync();
        var client = new TcpClient();
        await client.ConnectAsync(service.Host, service.Port);

        // White space enough for the server to wait minutes for the rest, at the least rate at which it wants its bytes.
        var begun = new string(' ', 64 << 10);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v2/models/fraud-detector/infer HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {begun.Length + 1}\r\n\r\n{begun}"));
        using var management = new HttpClient { BaseAddress = await ManagementAsync() };
        await Eventually.TrueAsync(
            async () => (await management.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n').Any(line => line.StartsWith("slipway_in_flight_requests{", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal)),
            "the request is in flight",
            Limit);
        return client;
    }

    /// <summary>Which pod serves, and how often it was restarted; the test has one replica.</summary>
    private async Task<string> PodAsync()
    {
        await Eventually.TrueAsync(async () => (await Kubectl.RunAsync("get", "pods", "-o", "name")).Trim().Split('\n').Length == 1, "one pod is left", Limit);
        return await Kubectl.GetAsync("pods", "{.items[0].metadata.uid} {.items[0].status.containerStatuses[0].restartCount}");
    }

    private Task<string> RevisionAsync() => Kubectl.GetAsync("deploy/fraud-detector", "{.spec.template.metadata.labels.slipway\\.dev/revision}");
}
