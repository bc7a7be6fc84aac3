using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Slipway.DevCluster;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Processes whose environment names a collector.</summary>
[OwnCluster(OwnClusterAttribute.Processes)]
internal sealed class TracingTests : ClusterTest
{
    [Test]
    public async Task Reconciles_and_their_requests_reach_the_collector_that_the_environment_names()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bodies = new ConcurrentQueue<string>();
        await using var collector = await CollectorAsync(bodies, limit.Token);
        await using var cluster = await Cluster.StartAsync(new() { WithNode = false, Operator = null }, limit.Token);
        AllAsked.Collect(cluster);
        var kubectl = new Kubectl(cluster.KubeconfigPath, "default");
        await kubectl.DefineAsync();
        await kubectl.ApplyAsync(Manifest.Of());
        using var process = new OperatorProcess(
            cluster.KubeconfigPath,
            [$"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Urls.Single()}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_BSP_SCHEDULE_DELAY=100", "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=trial"]);

        // A span is told when it ends: the reconcile's after those of its requests.
        string[] wanted = ["/v1/traces", "slipway-operator", "trial", "reconcile modeldeployments", "fraud-detector", "PATCH", "/apis/apps/v1/namespaces/default/deployments/fraud-detector", "/status"];
        await Eventually.TrueAsync(() => Task.FromResult(Lacks(bodies, wanted).Length == 0), () => $"{string.Join(", ", Lacks(bodies, wanted))} is traced; {process.Output}", Limit);

        string.Concat(bodies).Should().NotContain("/leases", "what belongs to no reconcile is not traced");
    }

    [Test]
    public async Task A_request_is_told_to_the_collector_below_its_callers_span_and_in_the_pods_log()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bodies = new ConcurrentQueue<string>();
        await using var collector = await CollectorAsync(bodies, limit.Token);
        var trace = ActivityTraceId.CreateRandom();
        await ServeAsync(Manifest.Of(more: $$"""
              server: {requestLog: All}
              podTemplate:
                spec:
                  containers:
                    - name: server
                      env:
                        - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "{{collector.Urls.Single()}}"}
                        - {name: OTEL_EXPORTER_OTLP_PROTOCOL, value: http/protobuf}
                        - {name: OTEL_BSP_SCHEDULE_DELAY, value: "100"}
            """));
        using var client = new HttpClient { BaseAddress = await ServiceAsync() };
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        await Prediction.SendAsync(client, "fraud-detector", limit.Token);

        var bytes = new byte[16];
        trace.CopyTo(bytes);
        var id = Encoding.Latin1.GetString(bytes);
        string[] wanted = [id, "/v1/traces", "slipway-server", "POST /v2/models/{model}/infer", "fraud-detector", "queue", "run"];
        await Eventually.TrueAsync(() => Task.FromResult(Lacks(bodies, wanted).Length == 0), "the spans reach the collector", Limit);

        var line = (await Kubectl.RunAsync("logs", "deploy/fraud-detector")).Split('\n').Single(line => line.Contains("\"EventId\":302", StringComparison.Ordinal));
        line.Should().ContainAll("\"Model\":\"fraud-detector\"", "\"Version\":\"1\"", "\"Code\":\"ok\"", $"\"TraceId\":\"{trace}\"");
    }

    private static string[] Lacks(ConcurrentQueue<string> bodies, string[] wanted)
    {
        var told = string.Concat(bodies);
        return [.. wanted.Where(text => !told.Contains(text, StringComparison.Ordinal))];
    }

    private static async Task<WebApplication> CollectorAsync(ConcurrentQueue<string> bodies, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            // Protocol buffers keep strings as they are.
            bodies.Enqueue(context.Request.Path + " " + Encoding.Latin1.GetString(body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await collector.StartAsync(cancellationToken);
        return collector;
    }
}
