using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Samples;
using Slipway.ModelServer.Tests.Transport.Grpc;

namespace Slipway.ModelServer.Tests.Transport.Management;

[CancelAfter(60_000)]
internal sealed partial class WindowHandlerTests
{
    private const string Request = """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""";
    private const string Baseline =
        """{"format":1,"rows":1000,"inputs":[{"name":"amount","kind":"numeric","tensor":"x","edges":[0,2,50],"ratios":[0,0.48,0.52,0,0]}],"outputs":[]}""";
    private const string Forms = "RFC 3339 such as 2026-01-02T15:04:05Z, or whole unix seconds";

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 20, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static readonly string Page = File.ReadAllText(Path.Combine(FraudDetectionSample.Root, "docs", "reference", "model-server.md"));

    [Test]
    public async Task The_reference_shows_the_answer_as_it_is(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(Start);
        await using var server = await TestServer.ServeAsync(new ModelFolder().WithModel(TestModels.Double()).WithText("baseline.json", Baseline), cancellationToken, clock: clock);
        using var client = GrpcClient.Of(server);
        await server.InferAsync(Request, cancellationToken);
        await server.InferAsync("{}", cancellationToken);
        await client.InferAsync(GrpcClient.Request(GrpcClient.Floats("x", [1, 3], 1, 2, 3)), cancellationToken);
        await UntilCountedAsync(server, 3, cancellationToken);
        clock.Advance(TimeSpan.FromMinutes(4));
        var example = Example().Match(Page);

        var answer = await server.Management.GetStringAsync(example.Groups["query"].Value, cancellationToken);

        JsonNode.Parse(answer)!.ToJsonString().Should().Be(JsonNode.Parse(example.Groups["answer"].Value)!.ToJsonString());
    }

    [Test]
    public async Task Slow_requests_and_durations_are_told(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(Start);
        await using var server = await TestServer.ServeAsync(
            TestModels.Double(), cancellationToken, settings => settings with { Live = new() { SlowThreshold = TimeSpan.FromSeconds(1) } }, clock);
        using var content = new HeldContent(Request);
        var slow = server.Http.PostAsync("/v2/models/m/infer", content, cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held > 0, cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(2));
        content.Release();
        (await slow).StatusCode.Should().Be(HttpStatusCode.OK);
        await server.InferAsync(Request, cancellationToken);
        await UntilCountedAsync(server, 2, cancellationToken);
        clock.Advance(TimeSpan.FromMinutes(1));

        var version = (await ReadAsync(server, "from=0&to=9999999999", cancellationToken)).Versions.Should().ContainSingle().Subject;

        (version.Requests["ok"], version.Slow, version.Protocols["rest"].Slow, version.Protocols["grpc"].Slow).Should().Be((2, 1, 1, 0));
        version.Latency.Select((count, bucket) => (count, bucket)).Where(each => each.count > 0).Should().Equal(
            (1, 0), (1, LatencyBuckets.Index(TimeSpan.FromSeconds(2))));
    }

    [Test]
    public async Task What_lasts_long_through_its_client_is_not_slow(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(Start);
        await using var server = await TestServer.ServeAsync(
            TestModels.Counting(), cancellationToken, settings => settings with { Live = new() { SlowThreshold = TimeSpan.FromSeconds(1) } }, clock);
        using var content = new HeldContent("{}");
        var refused = server.Http.PostAsync("/v2/models/m/infer", content, cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held > 0, cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(2));
        content.Release();
        (await refused).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var body = TestServer.Count(long.MaxValue);
        foreach (var (sent, isUnderWay) in new (string, Func<bool>)[] { (body[..20], () => server.Host.Bodies.Held > 0), (body, () => server.CallsOut > 0) })
        {
            using var client = await RawClient.ConnectAsync(server.Host.HttpPort, cancellationToken);
            await client.SendAsync($"POST /v2/models/m/infer HTTP/1.1\r\nHost: m\r\nContent-Length: {body.Length}\r\n\r\n{sent}", cancellationToken);
            await server.UntilAsync(isUnderWay, cancellationToken);
            clock.Advance(TimeSpan.FromSeconds(2));
            client.GoAway(reset: true);
            await server.UntilAsync(() => server.CallsOut == 0 && server.Host.Bodies.Held == 0, cancellationToken);
        }

        await UntilCountedAsync(server, 3, cancellationToken);
        clock.Advance(TimeSpan.FromMinutes(1));

        var version = (await ReadAsync(server, "from=0&to=9999999999", cancellationToken)).Versions.Should().ContainSingle().Subject;

        (version.Requests["invalid_argument"], version.Requests["cancelled"], version.Latency[LatencyBuckets.Index(TimeSpan.FromSeconds(2))]).Should().Be((1, 2, 3));
        version.Slow.Should().Be(1, "one client went away while the model ran");
    }

    [TestCase("Content-Length: 1000\r\n\r\n{")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")]
    public async Task A_body_that_does_not_arrive_by_the_deadline_is_its_clients_fault(string begun, CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(Start);
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, clock: clock);

        (await LateBody.SendAsync(server, clock, $"POST /v2/models/m/infer HTTP/1.1\r\nHost: m\r\n{begun}", cancellationToken)).Should().Be("HTTP/1.1 408 Request Timeout");

        await UntilCountedAsync(server, 1, cancellationToken);
        clock.Advance(TimeSpan.FromMinutes(1));
        var version = (await ReadAsync(server, "from=0&to=9999999999", cancellationToken)).Versions.Should().ContainSingle().Subject;
        version.Requests.Where(code => code.Value > 0).Select(code => (code.Key, code.Value)).Should().Equal(("invalid_argument", 1));
        version.Slow.Should().Be(0);
    }

    [TestCase("from=1772452860&to=1772452980")]
    [TestCase("from=2026-03-02T12:01:00Z&to=2026-03-02T12:03:00Z")]
    [TestCase("from=2026-03-02t12:01:00z&to=2026-03-02T12:03:00.000000000Z")]
    [TestCase("from=2026-03-02T14:01:00%2B02:00&to=2026-03-02T11:33:00.25-00:30")]
    [TestCase("from=2026-03-02T12:00:00.123456789Z&to=2026-03-02T12:03:59.999999999Z&other=1", Description = "cut to whole minutes inside")]
    public async Task Times_are_RFC_3339_or_unix_seconds(string query, CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, clock: clock);
        clock.Advance(TimeSpan.FromMinutes(10));

        var window = await ReadAsync(server, query, cancellationToken);

        (window.Model, window.LatencyScheme).Should().Be(("m", LatencyBuckets.Scheme));
        (window.From, window.To).Should().Be((Start.AddSeconds(40), Start.AddSeconds(160)));
    }

    [TestCase("", $"The query must have 'from' once: a time as {Forms}.")]
    [TestCase("from=1", $"The query must have 'to' once: a time as {Forms}.")]
    [TestCase("to=1&from=", $"The query must have 'from' once: a time as {Forms}.")]
    [TestCase("from=1&from=2&to=3", $"The query must have 'from' once: a time as {Forms}.")]
    [TestCase("from=yesterday&to=1", $"'from' must be a time as {Forms}, got 'yesterday'.")]
    [TestCase("from=1&to=1.5", $"'to' must be a time as {Forms}, got '1.5'.")]
    [TestCase("from=1&to=99999999999999999999", $"'to' must be a time as {Forms}, got '99999999999999999999'.")]
    [TestCase("from=1&to=1772452860000", $"'to' must be a time as {Forms}, got '1772452860000'.")]
    [TestCase("from=1&to=2026-03-02T12:01:00", $"'to' must be a time as {Forms}, got '2026-03-02T12:01:00'.")]
    [TestCase("from=1&to=2026-03-02T12:01:00+02:00", $"'to' must be a time as {Forms}, got '2026-03-02T12:01:00 02:00'.")]
    [TestCase("from=1&to=2026-02-30T12:01:00Z", $"'to' must be a time as {Forms}, got '2026-02-30T12:01:00Z'.")]
    [TestCase("from=1&to=2026-03-02T12:01:00Z%0A", $"'to' must be a time as {Forms}, got '2026-03-02T12:01:00Z?'.")]
    [TestCase("from=2&to=1", "'from' must not be later than 'to'.")]
    public async Task A_window_that_cannot_be_understood_is_refused_with_a_sentence(string query, string sentence, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        using var answer = await server.Management.GetAsync($"/window?{query}", cancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        JsonNode.Parse(body)!["error"]!.GetValue<string>().Should().Be(sentence);
    }

    [TestCase("from=4000000000&to=9999999999")]
    [TestCase("from=253402300799&to=9999-12-31T23:59:59.999Z")]
    [TestCase("from=-62135596800&to=0001-01-01T00:00:00Z")]
    [TestCase("from=5&to=5")]
    public async Task A_window_in_which_the_server_was_not_there_covers_nothing(string query, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var window = await ReadAsync(server, query, cancellationToken);

        window.From.Should().Be(window.To);
        window.Versions.Should().ContainSingle().Which.Requests.Values.Should().OnlyContain(count => count == 0);
    }

    private static async Task<ServerWindow> ReadAsync(TestServer server, string query, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<ServerWindow>(await server.Management.GetStringAsync($"/window?{query}", cancellationToken), Web)!;

    // A request is counted when its answer is out, which its client may see before; the histogram is the last that is counted of it.
    private static async Task UntilCountedAsync(TestServer server, int count, CancellationToken cancellationToken)
    {
        while (await server.MetricAsync("slipway_request_duration_seconds_count", "", cancellationToken) < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    [GeneratedRegex("GET (?<query>/window\\?\\S+)\n.*?```json\n(?<answer>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
