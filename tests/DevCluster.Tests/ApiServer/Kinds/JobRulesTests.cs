using System.Net;
using Slipway.DevCluster.ApiServer;

namespace Slipway.DevCluster.Tests.ApiServer.Kinds;

[CancelAfter(60_000)]
internal sealed class JobRulesTests
{
    private const string Jobs = "/apis/batch/v1/namespaces/default/jobs";

    [Test]
    public async Task An_indexed_Job_is_refused(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = new ApiClient(host, host.Token);

        var refused = await client.SendAsync(HttpMethod.Post, Jobs, Job("Indexed"), cancellationToken);
        var created = await client.SendAsync(HttpMethod.Post, Jobs, Job("NonIndexed"), cancellationToken);

        refused.Code.Should().Be(HttpStatusCode.NotImplemented);
        ((string?)refused.Body["reason"]).Should().Be("NotImplemented");
        ((string?)refused.Body["message"]).Should().Be(
            "spec.completionMode: Indexed is not served by the local cluster, which runs NonIndexed Jobs only");
        created.Code.Should().Be(HttpStatusCode.Created);
    }

    private static string Job(string completionMode) => $$$"""
        {"metadata":{"name":"a"},"spec":{"completionMode":"{{{completionMode}}}","completions":2,
         "template":{"spec":{"restartPolicy":"Never","containers":[{"name":"worker","image":"i"}]}}
        }}
        """;
}
