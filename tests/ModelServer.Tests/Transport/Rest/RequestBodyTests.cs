using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

[CancelAfter(120_000)]
internal sealed class RequestBodyTests
{
    private const int Room = HeldContent.SentAtOnce + 10_000;

    [TestCase(true)]
    [TestCase(false)]
    public async Task Bodies_that_do_not_fit_beside_those_in_flight_are_told_to_come_later(bool announced, CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken);
        using var content = new HeldContent(TestServer.Count(3), announced);
        var held = server.Http.PostAsync("/v2/models/m/infer", content, cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held >= HeldContent.SentAtOnce, cancellationToken);

        using var refused = await server.Http.PostAsync("/v2/models/m/infer", Padded(announced), cancellationToken);
        var small = await server.InferAsync(TestServer.Count(2), cancellationToken);
        content.Release();
        using var first = await held;
        using var afterwards = await server.Http.PostAsync("/v2/models/m/infer", Padded(announced), cancellationToken);

        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        JsonNode.Parse(await refused.Content.ReadAsStringAsync(cancellationToken))!["error"]!.GetValue<string>().Should()
            .StartWith($"The bodies of the requests in flight fill the {Room} bytes that this server keeps for them");
        small.Status.Should().Be(HttpStatusCode.OK);
        first.StatusCode.Should().Be(HttpStatusCode.OK);
        afterwards.StatusCode.Should().Be(HttpStatusCode.OK);
        server.Host.Bodies.Held.Should().Be(0);
    }

    [Test]
    public async Task A_body_is_refused_by_the_length_that_it_announces_before_any_of_it_is_sent(CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken);
        using var content = new HeldContent(TestServer.Count(3));
        var held = server.Http.PostAsync("/v2/models/m/infer", content, cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held > 0, cancellationToken);
        using var client = await RawClient.ConnectAsync(server.Host.HttpPort, cancellationToken);

        await client.SendAsync("POST /v2/models/m/infer HTTP/1.1\r\nHost: m\r\nContent-Length: 20000\r\n\r\n", cancellationToken);
        var answer = await client.ReadLineAsync(cancellationToken);
        content.Release();
        using var first = await held;

        answer.Should().Be("HTTP/1.1 429 Too Many Requests");
    }

    [Test]
    public async Task No_refused_or_broken_request_leaves_a_byte_of_the_budget_taken(CancellationToken cancellationToken)
    {
        await using var server = await ServeAsync(cancellationToken);
        string[] bodies = ["", "nonsense", new(' ', 70_000), "{\"inputs\":[]}", TestServer.Count(1)];

        foreach (var body in bodies)
        {
            await server.InferAsync(body, cancellationToken);
        }

        server.Host.Bodies.Held.Should().Be(0);
        server.CallsOut.Should().Be(0);
    }

    private static Task<TestServer> ServeAsync(CancellationToken cancellationToken) => TestServer.ServeAsync(
        TestModels.Counting(), cancellationToken, settings => settings with { MaxBodyBytes = Room, MaxBodyBytesInFlight = Room });

    private static HttpContent Padded(bool announced)
    {
        var bytes = Encoding.ASCII.GetBytes(TestServer.Count(1).PadRight(20_000));
        return announced ? new ByteArrayContent(bytes) : new ChunkedContent(bytes);
    }

    private sealed class ChunkedContent(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes, 0, bytes.Length);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
