using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Rest;

[CancelAfter(120_000)]
internal sealed class CompressionTests
{
    private const int MaxBodyBytes = 1 << 20;

    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Serve() => _server = await TestServer.ServeAsync(
        TestModels.Double(), CancellationToken.None, settings => settings with { MaxBodyBytes = MaxBodyBytes });

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("gzip", "gzip")]
    [TestCase("x-gzip", "gzip")]
    [TestCase("GZIP", "gzip")]
    [TestCase("deflate", "deflate")]
    [TestCase("deflate", "raw deflate")]
    [TestCase("br", "br")]
    [TestCase("identity", "identity")]
    public async Task A_request_may_be_compressed(string coding, string format, CancellationToken cancellationToken)
    {
        var body = Compress(Encoding.UTF8.GetBytes(Request(rows: 200)), format);

        var reply = await _server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", body, [("Content-Encoding", coding)], cancellationToken);

        reply.Status.Should().Be(HttpStatusCode.OK, reply.Text);
        reply.Json["outputs"]![0]!["data"]!.AsArray().Should().HaveCount(600);
    }

    [Test]
    public async Task The_length_of_the_JSON_is_that_of_the_expanded_body(CancellationToken cancellationToken)
    {
        var json = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}]}""");
        var body = Compress([.. json, .. new byte[12]], "gzip");
        (string, string)[] headers = [("Content-Encoding", "gzip"), (RestCalls.BinaryHeader, $"{json.Length}")];

        var reply = await _server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", body, headers, cancellationToken);

        reply.Status.Should().Be(HttpStatusCode.OK, reply.Text);
    }

    [TestCase("zstd")]
    [TestCase("gzip, gzip")]
    [TestCase("*")]
    public async Task An_unknown_coding_is_refused(string coding, CancellationToken cancellationToken)
    {
        var reply = await _server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", "{}"u8.ToArray(), [("Content-Encoding", coding)], cancellationToken);

        reply.Status.Should().Be(HttpStatusCode.BadRequest);
        reply.Error.Should().Be($"Content-Encoding must be gzip, deflate, br or identity, and one of them, got '{coding}'.");
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task A_body_that_expands_beyond_the_limit_is_refused(string coding, CancellationToken cancellationToken)
    {
        var fits = Encoding.ASCII.GetBytes(Request(rows: 1).PadRight(MaxBodyBytes));
        var bomb = Compress(new byte[256 << 20], coding);
        (string, string)[] headers = [("Content-Encoding", coding)];

        var good = await _server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", Compress(fits, coding), headers, cancellationToken);
        var over = await _server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", Compress([.. fits, 32], coding), headers, cancellationToken);
        var reply = await _server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", bomb, headers, cancellationToken);

        bomb.Length.Should().BeLessThan(MaxBodyBytes);
        good.Status.Should().Be(HttpStatusCode.OK, good.Text);
        over.Status.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (reply.Status, reply.Error).Should().Be(
            (HttpStatusCode.RequestEntityTooLarge, $"The body expands to more than {MaxBodyBytes} bytes, the most that this server takes; send fewer rows at a time."));
    }

    [Test]
    public void A_bomb_costs_no_more_memory_than_a_body_may_have()
    {
        const int Most = 64 << 10;
        var bomb = Compress(new byte[64 << 20], "gzip");
        var bodies = new BodyBudget(long.MaxValue);
        var expand = () => Inflater.Replace(Rented(bomb, bodies), ContentCoding.Gzip, Most, bodies);
        expand.Should().Throw<Exception>();

        var before = GC.GetAllocatedBytesForCurrentThread();
        expand.Should().Throw<Exception>();

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
        bodies.Held.Should().Be(0);
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task A_body_that_breaks_off_or_is_something_else_is_refused(string coding, CancellationToken cancellationToken)
    {
        var whole = Compress(Encoding.UTF8.GetBytes(Request(rows: 100)), coding);
        (string, string)[] headers = [("Content-Encoding", coding)];

        var broken = await _server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", whole[..(whole.Length / 2)], headers, cancellationToken);
        var other = await _server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", Encoding.UTF8.GetBytes(Request(rows: 1)), headers, cancellationToken);

        broken.Status.Should().Be(HttpStatusCode.BadRequest);
        other.Status.Should().Be(HttpStatusCode.BadRequest);
        other.Error.Should().Be($"The body is not the {coding} data that Content-Encoding says, or it breaks off.");
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task A_large_answer_is_compressed_as_the_client_likes_it(string coding, CancellationToken cancellationToken)
    {
        var plain = await _server.PostAsync("/v2/models/m/infer", Request(rows: 300), cancellationToken);
        var reply = await _server.PostAsync("/v2/models/m/infer", Request(rows: 300), cancellationToken, ("Accept-Encoding", coding));

        plain.ContentHeaders.ContentEncoding.Should().BeEmpty();
        plain.Headers.Vary.Should().Equal("Accept-Encoding");
        reply.ContentHeaders.ContentEncoding.Should().Equal(coding);
        reply.Headers.Vary.Should().Equal("Accept-Encoding");
        reply.Body.Length.Should().BeLessThan(plain.Body.Length);
        JsonNode.DeepEquals(JsonNode.Parse(Expand(reply.Body, coding)), plain.Json).Should().BeTrue();
    }

    [Test]
    public async Task A_tiny_answer_and_an_error_are_never_compressed(CancellationToken cancellationToken)
    {
        var tiny = await _server.PostAsync("/v2/models/m/infer", Request(rows: 1), cancellationToken, ("Accept-Encoding", "gzip"));
        var error = await _server.PostAsync("/v2/models/m/infer", "[]", cancellationToken, ("Accept-Encoding", "gzip"));

        tiny.ContentHeaders.ContentEncoding.Should().BeEmpty();
        tiny.Headers.Vary.Should().BeEmpty();
        error.ContentHeaders.ContentEncoding.Should().BeEmpty();
    }

    [TestCase("", "identity")]
    [TestCase("identity", "identity")]
    [TestCase("gzip", "gzip")]
    [TestCase("br", "br")]
    [TestCase("gzip, deflate, br", "gzip")]
    [TestCase("br, deflate", "deflate")]
    [TestCase("gzip;q=0.5, br;q=0.8", "br")]
    [TestCase("gzip; q=0.5 , deflate ; q=0.4", "gzip")]
    [TestCase("gzip;q=0", "identity")]
    [TestCase("gzip;q=0, *", "deflate")]
    [TestCase("*", "gzip")]
    [TestCase("*;q=0", "identity")]
    [TestCase("identity;q=1, gzip;q=0.5", "identity")]
    [TestCase("identity;q=0.5, gzip;q=1", "gzip")]
    [TestCase("gzip;q=0.001", "gzip")]
    [TestCase("gzip;q=2", "identity")]
    [TestCase("gzip;q=-1", "identity")]
    [TestCase("gzip;q=NaN", "identity")]
    [TestCase("gzip;quality=1", "identity")]
    [TestCase("zstd, compress", "identity")]
    [TestCase(";;,,;q=1", "identity")]
    public void What_the_client_likes_best_is_taken(string accept, string coding) =>
        ContentCodings.Name(ContentCodings.Accepted(accept.Length == 0 ? default : accept)).Should().Be(coding);

    [Test]
    public void An_expanded_body_counts_against_the_budget_until_it_is_disposed()
    {
        var compressed = Compress(new byte[100_000], "gzip");
        var tight = new BodyBudget(50_000);
        var roomy = new BodyBudget(150_000);
        var expand = () => Inflater.Replace(Rented(compressed, tight), ContentCoding.Gzip, MaxBodyBytes, tight);

        expand.Should().Throw<Exception>().WithMessage("The bodies of the requests in flight fill the 50000 bytes*");
        var body = Inflater.Replace(Rented(compressed, roomy), ContentCoding.Gzip, MaxBodyBytes, roomy);
        var held = roomy.Held;
        body.Dispose();

        held.Should().Be(100_000);
        roomy.Held.Should().Be(0);
        tight.Held.Should().Be(0);
    }

    private static RequestBody Rented(byte[] content, BodyBudget bodies)
    {
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(content.Length);
        content.CopyTo(rented, 0);
        bodies.Take(content.Length);
        return new RequestBody(bodies, content.Length, rented, content.Length);
    }

    private static string Request(int rows) =>
        $$"""{"inputs":[{"name":"x","shape":[{{rows}},3],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Range(0, rows * 3))}}]}]}""";

    private static byte[] Compress(byte[] plain, string format)
    {
        if (format == "identity")
        {
            return plain;
        }

        using var target = new MemoryStream();
        using (var stream = Open(target, format))
        {
            stream.Write(plain);
        }

        return target.ToArray();
    }

    private static Stream Open(MemoryStream target, string format) => format switch
    {
        "gzip" => new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true),
        "deflate" => new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true),
        "raw deflate" => new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true),
        "br" => new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "is no format"),
    };

    private static byte[] Expand(byte[] compressed, string coding)
    {
        var source = new MemoryStream(compressed);
        using Stream stream = coding switch
        {
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            "deflate" => new ZLibStream(source, CompressionMode.Decompress),
            _ => new BrotliStream(source, CompressionMode.Decompress),
        };
        using var target = new MemoryStream();
        stream.CopyTo(target);
        return target.ToArray();
    }
}
