using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Slipway.DevCluster;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>An operator process whose environment names a collector.</summary>
internal sealed class TracingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Reconciles_and_their_requests_reach_the_collector_that_the_environment_names()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bodies = new ConcurrentQueue<string>();
        await using var collector = await CollectorAsync(bodies, limit.Token);
        await using var cluster = await Cluster.StartAsync(new() { WithNode = false, Operator = null }, limit.Token);
        var kubectl = new Kubectl(cluster.KubeconfigPath, "default");
        await kubectl.RunAsync("apply", "-f", Path.Combine(Repository.Root, "crds"));
        await kubectl.RunAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        await kubectl.ApplyAsync(Manifest.Of());
        using var process = new OperatorProcess(
            cluster.KubeconfigPath,
            [$"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Urls.Single()}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_BSP_SCHEDULE_DELAY=100", "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=trial"]);

        await Eventually.TrueAsync(() => Task.FromResult(bodies.Any(body => body.Contains("/status", StringComparison.Ordinal))), () => $"the status write is traced; {process.Output}", Limit);

        string.Concat(bodies).Should().ContainAll("/v1/traces", "slipway-operator", "trial", "reconcile modeldeployments", "fraud-detector", "PATCH", "/apis/apps/v1/namespaces/default/deployments/fraud-detector");
        string.Concat(bodies).Should().NotContain("/leases", "what belongs to no reconcile is not traced");
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
