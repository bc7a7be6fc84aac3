using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>What a client may not do: send too much, send too slowly, or keep a place that it does not want any more.</summary>
[CancelAfter(120_000)]
internal sealed class RequestLimitsTests
{
    [TestCase("""{"inputs":[{"name":"a","shape":[4,2],"datatype":"FP32","data":[1,2,3,4,5,6,7,8]}]}""", HttpStatusCode.BadRequest, "'inputs' lacks 'b'*")]
    [TestCase("""{"inputs":[{"name":"a","shape":[5,2],"datatype":"FP32","data":[1,2,3,4,5,6,7,8,9,10]}]}""", HttpStatusCode.RequestEntityTooLarge, "With input 'a' (FP32, shape [-1,2]) of shape [5,2] the request has more than 8 elements*")]
    [TestCase("""{"inputs":[{"name":"a","shape":[3,2],"datatype":"FP32","data":[1,2,3,4,5,6]},{"name":"b","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}]}""", HttpStatusCode.RequestEntityTooLarge, "With input 'b' (FP32, shape [-1,2]) of shape [2,2] the request has more than 8 elements*")]
    [TestCase("""{"inputs":[{"name":"a","shape":[4611686018427387904,2],"datatype":"FP32","data":[1,2,3,4,5,6,7,8]}]}""", HttpStatusCode.RequestEntityTooLarge, "*has more than 8 elements*")]
    [TestCase("""{"x":[[[[1]]]],"inputs":[]}""", HttpStatusCode.BadRequest, "'inputs' lacks 'a'*")]
    [TestCase("""{"x":[[[[[1]]]]],"inputs":[]}""", HttpStatusCode.BadRequest, "The body nests deeper than 4 levels, the most that this server takes.")]
    public async Task A_request_that_asks_for_too_much_is_refused(string json, HttpStatusCode status, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Sum(), cancellationToken, settings => settings with { Limits = new() { Elements = 8, JsonDepth = 4 } });

        var reply = await server.PostAsync("/v2/models/m/infer", json, cancellationToken);

        reply.Status.Should().Be(status, reply.Text);
        reply.Error.Should().Match(message);
    }

    [TestCase(5, HttpStatusCode.RequestEntityTooLarge)]
    [TestCase(4, HttpStatusCode.OK)]
    public async Task More_rows_than_the_limit_are_refused(int rows, HttpStatusCode status, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Double(1), cancellationToken, settings => settings with { Limits = new() { Rows = 4 } });

        var reply = await server.PostAsync(
            "/v2/models/m/infer",
            $$"""{"inputs":[{"name":"x","shape":[{{rows}},1],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat("1", rows))}}]}]}""",
            cancellationToken);

        reply.Status.Should().Be(status, reply.Text);
        (status == HttpStatusCode.OK || reply.Error == "Input 'x' (FP32, shape [-1,1]) of shape [5,1] has more than 4 rows, the most that this server takes; send fewer at a time.").Should().BeTrue(reply.Text);
    }

    [Test]
    public async Task More_tensors_than_the_limit_are_refused(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Classifier(), cancellationToken, settings => settings with { Limits = new() { Tensors = 1 } });
        const string Input = """{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}""";

        var one = await server.PostAsync("/v2/models/m/infer", $$"""{"inputs":[{{Input}}],"outputs":[{"name":"label"}]}""", cancellationToken);
        var inputs = await server.PostAsync("/v2/models/m/infer", $$"""{"inputs":[{{Input}},{{Input}}]}""", cancellationToken);
        var outputs = await server.PostAsync(
            "/v2/models/m/infer", $$"""{"inputs":[{{Input}}],"outputs":[{"name":"label"},{"name":"probabilities"}]}""", cancellationToken);

        one.Status.Should().Be(HttpStatusCode.OK, one.Text);
        (inputs.Status, inputs.Error).Should().Be((HttpStatusCode.BadRequest, "'inputs' has more than 1 entries, the most that this server takes."));
        (outputs.Status, outputs.Error).Should().Be((HttpStatusCode.BadRequest, "'outputs' has more than 1 entries, the most that this server takes."));
    }

    [Test]
    public async Task Headers_beyond_the_limits_are_refused(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Double(), cancellationToken, settings => settings with { Limits = new() { HeaderBytes = 2048, Headers = 10 } });

        var large = await server.PostAsync("/v2/models/m/infer", "{}", cancellationToken, ("x-large", new string('x', 3000)));
        var many = await server.PostAsync("/v2/models/m/infer", "{}", cancellationToken, [.. Enumerable.Range(0, 12).Select(i => ($"x-{i}", "1"))]);

        large.Status.Should().Be(HttpStatusCode.RequestHeaderFieldsTooLarge);
        many.Status.Should().Be(HttpStatusCode.RequestHeaderFieldsTooLarge);
    }

    [TestCase("POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nx-slow: ", "408", Description = "headers that never end")]
    [TestCase("POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{", "408", Description = "a body that never ends")]
    public async Task A_request_that_trickles_in_is_ended(string begun, string status, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, settings => settings with
        {
            Limits = new() { HeadersTimeout = TimeSpan.FromSeconds(1), LeastBodyBytesPerSecond = 1000, BodyGrace = TimeSpan.FromSeconds(1.5) },
        });
        using var client = await ConnectAsync(server, cancellationToken);

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begun), cancellationToken);
        var answer = await ReadToEndAsync(client, cancellationToken);

        answer.Should().StartWith($"HTTP/1.1 {status} ");
    }

    [Test]
    public async Task A_client_that_goes_away_leaves_the_queue(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Heavy(layers: 200), cancellationToken, settings => settings with
        {
            Batching = new() { Mode = BatchingMode.Off },
            RequestTimeout = TimeSpan.FromMinutes(10),
            Session = new() { IntraOpThreads = Environment.ProcessorCount },
        });
        var request = Encoding.ASCII.GetBytes(RestCalls.HeavyRequest(rows: 50));
        var head = Encoding.ASCII.GetBytes($"POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {request.Length}\r\n\r\n");
        var clients = new List<TcpClient>();
        for (var i = 0; i < 8; i++)
        {
            clients.Add(await ConnectAsync(server, cancellationToken));
            await clients[i].GetStream().WriteAsync((byte[])[.. head, .. request], cancellationToken);
        }

        await UntilAsync(server, "slipway_queued_rows", least: 1, most: long.MaxValue, cancellationToken);
        clients.ForEach(client => client.Dispose());

        await UntilAsync(server, "slipway_queued_rows", least: 0, most: 0, cancellationToken);
        await UntilAsync(server, "slipway_in_flight_requests", least: 0, most: 0, cancellationToken);
        await UntilAsync(server, "code=\"cancelled\"", least: 1, most: 8, cancellationToken);
    }

    [Test]
    public async Task A_request_that_is_one_too_many_is_told_when_to_come_again(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Double(), cancellationToken, settings => settings with { Live = new() { MaxConcurrency = 1 } });
        const string Body = """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""";
        using var first = await RawClient.ConnectAsync(server.Host.HttpPort, cancellationToken);
        await first.SendAsync($"POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..10]}", cancellationToken);
        await UntilAsync(server, "slipway_in_flight_requests", least: 1, most: 1, cancellationToken);

        var second = await server.PostAsync("/v2/models/m/infer", Body, cancellationToken);
        await first.SendAsync(Body[10..], cancellationToken);

        second.Status.Should().Be(HttpStatusCode.TooManyRequests);
        second.Headers.RetryAfter!.Delta.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        second.Error.Should().StartWith("Too much to do:");
        (await first.ReadLineAsync(cancellationToken)).Should().Be("HTTP/1.1 200 OK");
    }

    [Test]
    public void The_defaults_are_sane()
    {
        var limits = new RequestLimits();

        limits.HeadersTimeout.Should().BePositive().And.BeLessThan(TimeSpan.FromMinutes(1));
        limits.LeastBodyBytesPerSecond.Should().BePositive();
        limits.JsonDepth.Should().BeInRange(8, RequestLimits.DeepestJson);
    }

    private static async Task<TcpClient> ConnectAsync(TestServer server, CancellationToken cancellationToken)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Host.HttpPort, cancellationToken);
        return client;
    }

    private static async Task<string> ReadToEndAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static async Task UntilAsync(TestServer server, string series, long least, long most, CancellationToken cancellationToken)
    {
        while (true)
        {
            var text = await server.Management.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);
            var line = text.Split('\n').FirstOrDefault(each => each.Contains(series, StringComparison.Ordinal) && !each.StartsWith('#'));
            if (line is not null && double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) is var value && value >= least && value <= most)
            {
                return;
            }

            await Task.Yield();
        }
    }
}
