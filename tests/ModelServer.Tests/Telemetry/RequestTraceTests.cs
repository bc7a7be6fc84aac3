using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Telemetry;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Text;
using Slipway.ModelServer.Tests.Transport.Grpc;

namespace Slipway.ModelServer.Tests.Telemetry;

/// <summary>Spans of requests. The source is the process's, so that each test looks at traces of its own alone.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RequestTraceTests : IDisposable
{
    private const string CallerSpan = "b7ad6b7169203331";
    private const string Body = """{"id":"order-17","inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[1]}]}""";

    private readonly string _trace = ActivityTraceId.CreateRandom().ToHexString();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public RequestTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RequestTrace.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [TestCase("/v2/models/m/infer", "/v2/models/{model}/infer")]
    [TestCase("/v2/models/m/versions/1/infer", "/v2/models/{model}/versions/{version}/infer")]
    public async Task A_request_over_REST_goes_on_with_the_trace_of_its_caller(string path, string route, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken);
        await PostAsync(server, path, Body, cancellationToken);
        await server.UntilAsync(() => Own.Count == 3, cancellationToken);

        var request = Own.Single(span => span.Kind == ActivityKind.Server);
        request.DisplayName.Should().Be($"POST {route}");
        request.ParentSpanId.ToHexString().Should().Be(CallerSpan);
        request.TraceStateString.Should().Be("vendor=1");
        request.Status.Should().Be(ActivityStatusCode.Unset);
        Tags(request).Should().BeEquivalentTo(new Dictionary<string, object?>
        {
            ["http.request.method"] = "POST",
            ["http.route"] = route,
            ["url.path"] = path,
            ["url.scheme"] = "http",
            ["http.response.status_code"] = 200,
            ["slipway.model"] = "m",
            ["slipway.version"] = "1",
            ["slipway.code"] = "ok",
            ["slipway.request.id"] = "order-17",
        });
        var (queue, run) = (Own.Single(span => span.DisplayName == "queue"), Own.Single(span => span.DisplayName == "run"));
        new[] { queue, run }.Should().OnlyContain(span => span.ParentSpanId == request.SpanId);
        queue.StartTimeUtc.Should().BeOnOrAfter(request.StartTimeUtc);
        run.StartTimeUtc.Should().Be(queue.StartTimeUtc + queue.Duration);
        run.Duration.Should().BePositive();
    }

    [Test]
    public async Task The_predecessor_of_the_protocol_is_traced_alike(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken);
        await PostAsync(server, "/v1/models/m:predict", """{"instances":[[1]]}""", cancellationToken);
        await server.UntilAsync(() => Own.Count == 3, cancellationToken);

        Own.Single(span => span.Kind == ActivityKind.Server).DisplayName.Should().Be("POST /v1/models/{model}:predict");
    }

    [Test]
    public async Task A_wrong_request_is_no_error_of_the_server_and_ran_nothing(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken);
        await PostAsync(server, "/v2/models/m/infer", "{}", cancellationToken);
        await server.UntilAsync(() => Own.Count > 0, cancellationToken);

        var request = Own.Single();
        request.Status.Should().Be(ActivityStatusCode.Unset);
        Tags(request).Should().Contain("http.response.status_code", 400).And.Contain("slipway.code", "invalid_argument");
    }

    [Test]
    public async Task A_request_that_waits_in_vain_is_an_error_and_tells_that_nothing_ran(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(TestServer.Settings(new ModelFolder()), cancellationToken);
        await PostAsync(server, "/v2/models/m/infer", Body, cancellationToken);
        await server.UntilAsync(() => Own.Count > 0, cancellationToken);

        var request = Own.Single();
        request.Status.Should().Be(ActivityStatusCode.Error);
        Tags(request).Should().Contain("http.response.status_code", 503).And.Contain("error.type", "unavailable").And.Contain("slipway.version", "");
    }

    [Test]
    public async Task A_queued_call_tells_its_wait_apart_from_its_run(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Heavy(layers: 50), cancellationToken);
        server.Host.Versions.Newest!.Scheduler.Plan.Execution.Should().NotBe(Execution.Inline);
        using var client = GrpcClient.Of(server);
        await client.Inference.ModelInferAsync(GrpcClient.Heavy(rows: 1), Caller(), cancellationToken: cancellationToken);
        await server.UntilAsync(() => Own.Count == 3, cancellationToken);

        Own.Select(span => span.DisplayName).Should().BeEquivalentTo("inference.GRPCInferenceService/ModelInfer", "queue", "run");
        Own.Single(span => span.DisplayName == "run").Duration.Should().BePositive();
    }

    [Test]
    public async Task Making_tokens_of_texts_is_no_wait(CancellationToken cancellationToken)
    {
        var folder = new ModelFolder()
            .WithModel(TestModels.TokenSums())
            .WithText("vocab.txt", Vocabularies.WordPiece)
            .WithText("model.yaml", "tokenizer: {type: WordPiece, vocabulary: vocab.txt}");
        await using var server = await TestServer.ServeAsync(folder, cancellationToken);
        await PostAsync(server, "/v2/models/m/infer", """{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["the cat"]}]}""", cancellationToken);
        await server.UntilAsync(() => Own.Count == 4, cancellationToken);

        Activity Named(string name) => Own.Single(span => span.DisplayName == name);
        Named("queue").StartTimeUtc.Should().Be(Named("tokenize").StartTimeUtc + Named("tokenize").Duration);
        Named("run").StartTimeUtc.Should().Be(Named("queue").StartTimeUtc + Named("queue").Duration);
    }

    [Test]
    public async Task A_call_over_gRPC_is_traced_with_its_status(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken);
        using var client = GrpcClient.Of(server);
        var wrong = GrpcClient.Request();
        wrong.ModelName = "other";
        await GrpcClient.FailureAsync(async () => await client.Inference.ModelInferAsync(wrong, Caller(), cancellationToken: cancellationToken));
        await server.UntilAsync(() => Own.Count > 0, cancellationToken);

        var request = Own.Single();
        request.ParentSpanId.ToHexString().Should().Be(CallerSpan);
        Tags(request).Should().BeEquivalentTo(new Dictionary<string, object?>
        {
            ["rpc.system"] = "grpc",
            ["rpc.service"] = "inference.GRPCInferenceService",
            ["rpc.method"] = "ModelInfer",
            ["rpc.grpc.status_code"] = (int)StatusCode.NotFound,
            ["slipway.model"] = "m",
            ["slipway.version"] = "",
            ["slipway.code"] = "not_found",
        });
    }

    [Test]
    public async Task Each_request_of_a_stream_has_a_span_below_the_streams_caller(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken);
        using var client = GrpcClient.Of(server);
        using (var stream = client.Inference.ModelStreamInfer(Caller(), cancellationToken: cancellationToken))
        {
            for (var i = 0; i < 2; i++)
            {
                var request = GrpcClient.Request(GrpcClient.Floats("x", [1, 1], 1));
                request.Id = $"{i}";
                await stream.RequestStream.WriteAsync(request, cancellationToken);
            }

            await stream.RequestStream.CompleteAsync();
            while (await stream.ResponseStream.MoveNext(cancellationToken))
            {
                stream.ResponseStream.Current.ErrorMessage.Should().BeEmpty();
            }
        }

        await server.UntilAsync(() => Own.Count == 6, cancellationToken);
        var requests = Own.Where(span => span.Kind == ActivityKind.Server).ToList();
        requests.Should().HaveCount(2).And.OnlyContain(span => span.ParentSpanId.ToHexString() == CallerSpan && span.DisplayName.EndsWith("/ModelStreamInfer"));
        requests.Select(span => Tags(span)["slipway.request.id"]).Should().BeEquivalentTo(["0", "1"]);
    }

    [TestCase("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [TestCase("nonsense")]
    [TestCase("")]
    public async Task A_request_without_a_readable_trace_begins_one(string parent, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken);
        var id = $"{Guid.NewGuid()}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer") { Content = new StringContent(Body.Replace("order-17", id, StringComparison.Ordinal)) };
        request.Headers.TryAddWithoutValidation("traceparent", parent);
        using (var answer = await server.Http.SendAsync(request, cancellationToken))
        {
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        await server.UntilAsync(() => _spans.Any(span => id.Equals(span.GetTagItem("slipway.request.id"))), cancellationToken);
        var begun = _spans.Single(span => id.Equals(span.GetTagItem("slipway.request.id")));
        begun.ParentSpanId.Should().Be(default(ActivitySpanId));
        begun.TraceId.ToHexString().Should().NotBe(new string('0', 32));
    }

    private List<Activity> Own => [.. _spans.Where(span => span.TraceId.ToHexString() == _trace)];

    private Metadata Caller() => new() { { "traceparent", $"00-{_trace}-{CallerSpan}-01" } };

    private static Dictionary<string, object?> Tags(Activity span) => span.TagObjects.ToDictionary();

    private async Task PostAsync(TestServer server, string path, string json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("traceparent", $"00-{_trace}-{CallerSpan}-01");
        request.Headers.Add("tracestate", "vendor=1");
        using var _ = await server.Http.SendAsync(request, cancellationToken);
    }
}
