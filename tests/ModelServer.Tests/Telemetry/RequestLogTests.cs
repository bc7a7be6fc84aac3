using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Commands;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Telemetry;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Grpc;
using Slipway.ModelServer.Transport.Grpc.Messages;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Telemetry;

/// <summary>Lines of log for requests, as a process writes them.</summary>
[CancelAfter(60_000)]
internal sealed class RequestLogTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Mark = "\"EventId\":302";

    [Test]
    public async Task A_request_is_told_in_one_JSON_object_without_what_it_holds(CancellationToken cancellationToken)
    {
        await using var serving = await Serving.StartAsync(2, "All", cancellationToken);
        var (server, http) = (serving.Server, serving.Http);
        await PostAsync(http, """{"id":"order \"17\"","inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[41.25,-7.5]}]}""", cancellationToken);
        var line = JsonNode.Parse(await server.LineAsync(Mark, cancellationToken))!;
        var told = line["State"]!.AsObject();

        ((string?)line["LogLevel"]).Should().Be("Information");
        ((string?)line["Category"]).Should().Be("Slipway.ModelServer.Requests");
        told.Select(field => field.Key).Should().BeEquivalentTo("Protocol", "Id", "Model", "Version", "Code", "DurationMs", "TraceId", "{OriginalFormat}");
        ((string?)told["Protocol"]).Should().Be("rest");
        ((string?)told["Id"]).Should().Be("order \"17\"");
        ((string?)told["Model"]).Should().Be("m");
        ((string?)told["Version"]).Should().Be("1");
        ((string?)told["Code"]).Should().Be("ok");
        told["DurationMs"]!.GetValue<double>().Should().BePositive();
        ((string?)told["TraceId"]).Should().Be(Trace);
        line.ToJsonString().Should().NotContainAny("41.25", "82.5", "-7.5", "-15");
    }

    [Test]
    public async Task Errors_alone_are_told_where_that_is_wanted(CancellationToken cancellationToken)
    {
        await using var serving = await Serving.StartAsync(1, "Errors", cancellationToken);
        var (server, http) = (serving.Server, serving.Http);
        await PostAsync(http, """{"id":"good","inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[1]}]}""", cancellationToken);
        await PostAsync(http, """{"id":"bad","inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":["4111-1111"]}]}""", cancellationToken);
        await PostAsync(http, "{}", cancellationToken, "/v2/models/other/infer");

        var bad = await server.LineAsync(Mark, cancellationToken);
        var unknown = JsonNode.Parse(await server.LineAsync(Mark, cancellationToken))!["State"]!;
        ((string?)JsonNode.Parse(bad)!["State"]!["Code"]).Should().Be("invalid_argument", "the good one has no line");
        ((string?)JsonNode.Parse(bad)!["State"]!["Id"]).Should().Be("bad");
        bad.Should().NotContain("4111");
        ((string?)unknown["Code"]).Should().Be("not_found");
        ((string?)unknown["Version"]).Should().BeEmpty("it reached none");
    }

    [Test]
    public async Task A_log_that_nobody_reads_holds_up_no_request(CancellationToken cancellationToken)
    {
        await using var serving = await Serving.StartAsync(1, "All", cancellationToken);
        var (server, http) = (serving.Server, serving.Http);
        server.IgnoreLog();

        // More than the pipe and the queue before it hold.
        for (var i = 0; i < 4000; i++)
        {
            await PostAsync(http, """{"id":"x","inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[1]}]}""", cancellationToken);
        }
    }

    [Test]
    public void The_least_level_of_the_log_takes_no_line_from_it()
    {
        using var loggers = LoggerFactory.Create(builder => Logs.Configure(builder, LogLevel.Error));

        loggers.CreateLogger(RequestLog.Category).IsEnabled(LogLevel.Information).Should().BeTrue();
        loggers.CreateLogger<ModelServerHost>().IsEnabled(LogLevel.Warning).Should().BeFalse();
    }

    [Test]
    public async Task It_is_switched_on_while_the_server_runs_and_tells_of_gRPC_too(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double(width: 1));
        var volume = new MountedVolume(folder.Other("live"));
        await using var server = ServerProcess.Serve(folder, "--live-config", folder.Other("live"));
        var (http, management) = await server.ClientsAsync(cancellationToken);
        using (http)
        using (management)
        using (var grpc = new GrpcClient(server.GrpcPort))
        {
            await server.LineAsync("is ready after", cancellationToken);
            await grpc.InferAsync(Request("unseen"), cancellationToken);
            volume.Replace((Api.ServerContract.LiveFile, "requestLog: All\n"));
            await server.LineAsync("requests in the log: All", cancellationToken);
            await grpc.InferAsync(Request("seen"), cancellationToken);
            using (var stream = grpc.Inference.ModelStreamInfer(cancellationToken: cancellationToken))
            {
                await stream.RequestStream.WriteAsync(Request("streamed"), cancellationToken);
                await stream.RequestStream.CompleteAsync();
                while (await stream.ResponseStream.MoveNext(cancellationToken))
                {
                    stream.ResponseStream.Current.ErrorMessage.Should().BeEmpty();
                }
            }

            foreach (var id in (string[])["seen", "streamed"])
            {
                var told = JsonNode.Parse(await server.LineAsync(Mark, cancellationToken))!["State"]!;
                ((string?)told["Id"]).Should().Be(id);
                ((string?)told["Protocol"]).Should().Be("grpc");
                ((string?)told["TraceId"]).Should().BeEmpty("the client sent none");
            }

            server.Errors.Should().NotContain("unseen");
        }
    }

    [TestCase("""{"inputs":[{"wrong":1}],"id":"last"}""", "\"last\"")]
    [TestCase("""{"inputs":[],"id":null}""", "")]
    [TestCase("""{"inputs":[]}""", "")]
    [TestCase("""{"inputs":[""", "")]
    [TestCase("{}", "")]
    [TestCase("", "")]
    public void The_id_of_a_refused_request_is_found_wherever_it_stands(string body, string id) =>
        body[InferRequestReader.FindId(Encoding.UTF8.GetBytes(body), jsonBytes: null, new RequestLimits())].Should().Be(id);

    [TestCase("", "")]
    [TestCase("\"a\"", "a")]
    [TestCase("\"\\u00e4\\n\"", "ä\n")]
    public void An_id_is_told_as_it_is_meant(string json, string id) => RequestId.OfJson(Encoding.UTF8.GetBytes(json)).Should().Be(id);

    [Test]
    public void Of_a_long_id_the_beginning_is_told()
    {
        var id = new string('x', RequestId.MostBytes + 1);

        RequestId.OfJson(Encoding.UTF8.GetBytes($"\"{id}\"")).Should().Be($"{id[1..]}…");
        RequestId.Of(Encoding.UTF8.GetBytes(id)).Should().Be($"{id[1..]}…");
        RequestId.OfJson(Encoding.UTF8.GetBytes($"\"{id[1..]}\"")).Should().Be(id[1..]);
    }

    private static ModelInferRequest Request(string id)
    {
        var request = GrpcClient.Request(GrpcClient.Floats("x", [1, 1], 1));
        request.Id = id;
        return request;
    }

    private static async Task PostAsync(HttpClient http, string json, CancellationToken cancellationToken, string path = "/v2/models/m/infer")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        using var answer = await http.SendAsync(request, cancellationToken);
        answer.StatusCode.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.NotFound);
    }

    /// <summary>A process that is ready, and a client for it.</summary>
    private sealed record Serving(ModelFolder Folder, ServerProcess Server, HttpClient Http) : IAsyncDisposable
    {
        public static async Task<Serving> StartAsync(int width, string requestLog, CancellationToken cancellationToken)
        {
            var folder = new ModelFolder().WithModel(TestModels.Double(width));
            var server = ServerProcess.Serve(folder, "--request-log", requestLog);
            var (http, management) = await server.ClientsAsync(cancellationToken);
            management.Dispose();
            await server.LineAsync("is ready after", cancellationToken);
            return new(folder, server, http);
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Server.DisposeAsync();
            Folder.Dispose();
        }
    }
}
