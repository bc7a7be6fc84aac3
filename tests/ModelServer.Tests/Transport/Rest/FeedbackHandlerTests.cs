using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

[CancelAfter(60_000)]
internal sealed class FeedbackHandlerTests
{
    private const string Path = "/v2/models/m/versions/1/feedback";

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 20, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [TestCase("""{"predicted":"fraud","actual":"fraud"}""", 1)]
    [TestCase("""[]""", 0)]
    [TestCase(""" [ {"actual":true,"predicted":false,"id":"a","predictedAt":"2026-01-01T00:00:00Z"} , {"id":null,"reward":0,"predictedAt":null} ] """, 2)]
    [TestCase("""[{"predicted":1.5,"actual":-2e3},{"predicted":"1","actual":"01"},{"predicted":"d\u00e9j\u00e0 vu","actual":"a b"}]""", 3)]
    [TestCase("""{"reward":1,"predicted":null}""", 1)]
    public async Task One_or_many_are_counted(string body, int accepted, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var reply = await server.PostAsync(Path, body, cancellationToken);

        (reply.Status, reply.Text).Should().Be((HttpStatusCode.OK, $$"""{"accepted":{{accepted}},"duplicates":0}"""));
    }

    [Test]
    public async Task A_body_that_does_not_arrive_by_the_deadline_is_its_clients_fault(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(Start);
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, clock: clock);

        (await LateBody.SendAsync(server, clock, $"POST {Path} HTTP/1.1\r\nHost: m\r\nContent-Length: 1000\r\n\r\n[", cancellationToken)).Should().Be("HTTP/1.1 408 Request Timeout");
    }

    [TestCase("""{}""", "[0] has neither 'predicted' and 'actual' nor 'reward'")]
    [TestCase("""[1]""", "[0] is no object")]
    [TestCase("""true""", "[0] is no object")]
    [TestCase("""{"predicted":"a"}""", "[0] lacks 'actual'")]
    [TestCase("""{"predicted":null,"actual":"a"}""", "[0] lacks 'predicted'")]
    [TestCase("""{"predicted":"a","actual":1}""", "[0] has a number beside a class; two numbers are values, two strings or bools are classes")]
    [TestCase("""{"predicted":"a","actual":["a"]}""", "[0] has 'actual' that is no string, bool or number")]
    [TestCase("""{"predicted":"","actual":"a"}""", "[0] has 'predicted' that is not of 1 to 128 characters, none of them a control character")]
    [TestCase("""{"predicted":"a\n","actual":"a"}""", "[0] has 'predicted' that is not of 1 to 128 characters, none of them a control character")]
    [TestCase("""{"predicted":1,"actual":1e101}""", "[0] has 'actual' of a magnitude over 1e100")]
    [TestCase("""{"predicted":1,"actual":1e999}""", "[0] has 'actual' of a magnitude over 1e100")]
    [TestCase("""{"reward":-1}""", "[0] has a 'reward' below 0; sums of rewards only rise, so add what the least reward lacks to all of them")]
    [TestCase("""{"reward":"1"}""", "[0] has 'reward' that is no number")]
    [TestCase("""{"reward":true}""", "[0] has 'reward' that is no number")]
    [TestCase("""{"reward":1,"predicted":"a"}""", "[0] has a 'reward' beside a prediction; send either")]
    [TestCase("""{"reward":1,"id":7}""", "[0] has 'id' that is no string")]
    [TestCase("""{"reward":1,"reward":1}""", "[0] has 'reward' twice")]
    [TestCase("""{"reward":1,"predicted_at":"x"}""", "[0] has a field 'predicted_at'; there are 'id', 'predicted', 'actual', 'reward' and 'predictedAt'")]
    [TestCase("""{"reward":1,"predictedAt":"yesterday"}""", "[0] has a 'predictedAt' that is no time as RFC 3339 has it, such as 2026-01-02T15:04:05Z")]
    [TestCase("""{"reward":1,"predictedAt":1767366245}""", "[0] has 'predictedAt' that is no string")]
    [TestCase("""{"reward":1,"predictedAt":"2026-03-02T12:05:21Z"}""", "[0] has a 'predictedAt' in the future")]
    public async Task An_item_that_is_wrong_is_told(string body, string fault, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, clock: new FakeTimeProvider(Start));

        var reply = await server.PostAsync(Path, body, cancellationToken);

        (reply.Status, reply.Error).Should().Be((HttpStatusCode.BadRequest, $"Nothing of the feedback was counted, there is a fault:\n  {fault}"));
    }

    [Test]
    public async Task Every_fault_is_told_with_its_place_and_nothing_is_counted(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var reply = await server.PostAsync(
            Path, """[{"predicted":"a","actual":"a","id":"x"},{"predicted":"a"},{"reward":-1,"id":3},null]""", cancellationToken);

        reply.Status.Should().Be(HttpStatusCode.BadRequest);
        reply.Error.Split('\n').Select(line => line.Trim().Split(' ')[0]).Should().Equal("Nothing", "[1]", "[2]", "[2]", "[3]");
        (await WindowAsync(server, "1", cancellationToken)).Should().BeNull();
        (await server.PostAsync(Path, """{"predicted":"a","actual":"a","id":"x"}""", cancellationToken)).Text.Should().Be("""{"accepted":1,"duplicates":0}""");
    }

    [Test]
    public async Task Faults_that_nobody_would_read_are_counted(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var reply = await server.PostAsync(Path, $"[{string.Join(',', Enumerable.Repeat("{}", 300))}]", cancellationToken);

        reply.Error.Should().StartWith("Nothing of the feedback was counted, there are 300 faults:\n").And.EndWith("\n  and 200 more");
    }

    [TestCase("", "The body is not valid JSON: it ends where a value is expected.")]
    [TestCase("""{"reward":1}x""", "The body is not valid JSON: expected nothing more at byte 12, got 'x'.")]
    [TestCase("""{"reward":1,}""", "The body is not valid JSON: expected '\"' to begin a name at byte 12, got '}'.")]
    [TestCase("""[{"reward":01}]""", "The body is not valid JSON: expected a value at byte 11, got '01}]'.")]
    [TestCase("""{"reward":NaN}""", "The body is not valid JSON: expected a value at byte 10, got 'NaN}'.")]
    public async Task What_is_no_JSON_is_refused(string body, string error, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var reply = await server.PostAsync(Path, body, cancellationToken);

        (reply.Status, reply.Error).Should().Be((HttpStatusCode.BadRequest, error));
    }

    [Test]
    public async Task Lists_and_bodies_are_bounded(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Double(), cancellationToken, settings => settings with { MaxBodyBytes = 1 << 20 });

        var full = await server.PostAsync(Path, $"[{string.Join(',', Enumerable.Repeat("""{"reward":1}""", 10_000))}]", cancellationToken);
        var over = await server.PostAsync(Path, $"[{string.Join(',', Enumerable.Repeat("""{"reward":1}""", 10_001))}]", cancellationToken);
        var large = await server.PostAsync(Path, new string(' ', (1 << 20) + 1), cancellationToken);

        full.Text.Should().Be("""{"accepted":10000,"duplicates":0}""");
        (over.Status, over.Error).Should().Be((
            HttpStatusCode.BadRequest,
            "Nothing of the feedback was counted: the list has more than 10000 entries, the most that this server takes; send them in several requests."));
        large.Status.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        server.Host.Bodies.Held.Should().Be(0);
    }

    [Test]
    public async Task An_id_counts_once(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        await server.PostAsync(Path, """{"id":"a","reward":1}""", cancellationToken);
        var reply = await server.PostAsync(Path, """[{"id":"a","reward":1},{"id":"b","reward":1},{"id":"b","reward":1}]""", cancellationToken);

        reply.Text.Should().Be("""{"accepted":1,"duplicates":2}""");
    }

    [Test]
    public async Task Versions_that_are_stored_are_fed_loaded_or_not(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double()).WithModel(TestModels.Double(), "0").WithText("../none/readme.txt", "");
        await using var server = await TestServer.StartAsync(TestServer.Settings(folder), cancellationToken);
        var early = await server.PostAsync(Path, """{"reward":1}""", cancellationToken);
        await server.Host.LoadAsync(cancellationToken);

        var loaded = await server.PostAsync(Path, """{"reward":1}""", cancellationToken);
        var stored = await server.PostAsync("/v2/models/m/versions/0/feedback", """{"predicted":"a","actual":"b"}""", cancellationToken);
        var empty = await server.PostAsync("/v2/models/m/versions/none/feedback", """{"reward":1}""", cancellationToken);
        var unknown = await server.PostAsync("/v2/models/m/versions/9/feedback", """{"reward":1}""", cancellationToken);
        var outside = await server.PostAsync("/v2/models/m/versions/..%2F..%2Fx/feedback", """{"reward":1}""", cancellationToken);
        var model = await server.PostAsync("/v2/models/other/versions/1/feedback", """{"reward":1}""", cancellationToken);

        (early.Status, early.Error).Should().Be((HttpStatusCode.ServiceUnavailable, "The server is starting; try again."));
        loaded.Status.Should().Be(HttpStatusCode.OK);
        stored.Status.Should().Be(HttpStatusCode.OK);
        (unknown.Status, unknown.Error).Should().Be((HttpStatusCode.NotFound, "Model 'm' has no version '9' in its repository."));
        (empty.Status, outside.Status, model.Status).Should().Be((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound));
        (await WindowAsync(server, "0", cancellationToken))!.Wrong.Should().Be(1);
        (await WindowAsync(server, "1", cancellationToken))!.Values.Should().Be(1);
    }

    [Test]
    public async Task Without_a_version_there_is_a_hint(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var reply = await server.PostAsync("/v2/models/m/feedback", """{"reward":1}""", cancellationToken);
        var get = await server.GetAsync(Path, cancellationToken);

        (reply.Status, reply.Error).Should().Be((
            HttpStatusCode.NotFound,
            "Feedback is of one version, since it may come when another is served: POST it to /v2/models/m/versions/…/feedback, with the model_version of the answer."));
        get.Status.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    [Test]
    public async Task What_a_version_was_told_outlives_its_unloading(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, settings => settings with { ModelControl = true });
        await server.PostAsync(Path, """{"predicted":"a","actual":"a"}""", cancellationToken);
        await server.ControlAsync("versions/1/unload", cancellationToken);

        (await server.PostAsync(Path, """{"predicted":"a","actual":"a"}""", cancellationToken)).Status.Should().Be(HttpStatusCode.OK);

        (await WindowAsync(server, "1", cancellationToken))!.Correct.Should().Be(2);
    }

    [Test]
    public async Task Compressed_bodies_are_taken(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var packed = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            zip.Write("""{"reward":1}"""u8);
        }

        var reply = await server.SendAsync(HttpMethod.Post, Path, packed.ToArray(), [("Content-Encoding", "gzip")], cancellationToken);

        reply.Text.Should().Be("""{"accepted":1,"duplicates":0}""");
        server.Host.Bodies.Held.Should().Be(0);
    }

    private static async Task<FeedbackWindow?> WindowAsync(TestServer server, string version, CancellationToken cancellationToken)
    {
        var json = await server.Management.GetStringAsync("/window?from=0&to=9999999999", cancellationToken);
        var window = JsonSerializer.Deserialize<ServerWindow>(json, Web)!;
        return window.Versions.SingleOrDefault(each => each.Version == version)?.Feedback;
    }
}
