using System.Net;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Management;

[CancelAfter(60_000)]
internal sealed class ManagementTransportTests
{
    private static readonly string[] Paths = ["/status", "/metrics", "/window?from=0&to=1", "/accuracy?from=0&to=1"];

    private static readonly string[] Writes = ["POST", "PUT", "DELETE", "PATCH"];

    [Test]
    public async Task Nothing_of_the_management_port_is_reached_through_another(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        foreach (var request in Paths.SelectMany(path => Forged("GET", path, server.Host.ManagementPort)))
        {
            (await StatusAsync(server.Host.HttpPort, request, cancellationToken)).Should().StartWith("HTTP/1.1 404 ", request);
        }
    }

    [Test]
    public async Task Nothing_of_the_management_port_is_reached_through_the_port_of_gRPC(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = new HttpClient();
        foreach (var path in Paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Host.GrpcPort}{path}")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.Host = $"x:{server.Host.ManagementPort}";

            using var answer = await client.SendAsync(request, cancellationToken);

            (await answer.Content.ReadAsStringAsync(cancellationToken)).Should().BeEmpty(path);
        }
    }

    [Test]
    public async Task Nothing_of_the_other_ports_is_reached_through_the_management_port(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        var requests = Forged("GET", "/v2/health/live", server.Host.HttpPort)
            .Concat(Forged("GET", "/v2/models/m", server.Host.HttpPort))
            .Concat(Forged("POST", "/v2/models/m/infer", server.Host.HttpPort))
            .Concat(Forged("POST", "/inference.GRPCInferenceService/ModelInfer", server.Host.GrpcPort));

        foreach (var request in requests)
        {
            (await StatusAsync(server.Host.ManagementPort, request, cancellationToken)).Should().StartWith("HTTP/1.1 404 ", request);
        }

        (await server.MetricAsync("slipway_requests_total", "", cancellationToken)).Should().Be(0);
    }

    [Test]
    public async Task What_would_write_is_refused([ValueSource(nameof(Paths))] string path, [ValueSource(nameof(Writes))] string method, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path) { Content = new StringContent("{}") };

        using var answer = await server.Management.SendAsync(request, cancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.Should().Equal("GET", "HEAD");
        (await answer.Content.ReadAsStringAsync(cancellationToken)).Should().Be("""{"error":"This path takes GET, HEAD only."}""");
    }

    [Test]
    public async Task Paths_answer_a_question_for_their_head_alone([ValueSource(nameof(Paths))] string path, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);

        using var answer = await server.Management.SendAsync(request, cancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Should().BeEmpty();
    }

    [Test]
    public async Task Another_path_is_told_what_there_is(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        using var answer = await server.Management.GetAsync("/", cancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(cancellationToken)).Should().Be(
            """{"error":"There is nothing here; this port has /status, /window, /accuracy and /metrics."}""");
    }

    /// <summary>A request that claims in each way there is to be for another port.</summary>
    private static IEnumerable<string> Forged(string method, string path, int port)
    {
        const string Rest = "Content-Length: 0\r\nConnection: close\r\n\r\n";
        yield return $"{method} {path} HTTP/1.1\r\nHost: x:{port}\r\n{Rest}";
        yield return $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Forwarded-Host: 127.0.0.1:{port}\r\nX-Forwarded-Port: {port}\r\n{Rest}";
        yield return $"{method} http://x:{port}{path} HTTP/1.1\r\nHost: x:{port}\r\n{Rest}";
        yield return $"{method} {path} HTTP/1.1\r\nHost: x:{Slipway.Api.ServerContract.ManagementPort}\r\n{Rest}";
    }

    private static async Task<string?> StatusAsync(int port, string request, CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(port, cancellationToken);
        await client.SendAsync(request, cancellationToken);
        return await client.ReadLineAsync(cancellationToken);
    }
}
