using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Api;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Grpc;
using Slipway.ModelServer.Tests.Transport.Rest;
using Slipway.ModelServer.Transport.Grpc.Messages;
using static Slipway.ModelServer.Tests.Transport.Grpc.GrpcClient;

namespace Slipway.ModelServer.Tests.Drift;

/// <summary>Requests of every protocol, and what <c>/metrics</c> and <c>/window</c> tell of them.</summary>
[CancelAfter(120_000)]
internal sealed class DriftOverTheWireTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Test]
    public async Task Every_row_that_was_answered_counts_once_whichever_way_it_came(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            new ModelFolder().WithModel(TestModels.Classifier()).WithBaseline(SampleBaselines.Of(
                [SampleBaselines.Numeric("x", 0, 1, 2, 3, 4, 5, 6)],
                [SampleBaselines.Words("label", "0", "1"), SampleBaselines.Numeric("probabilities", 0.5, 0.9) with { Measure = FeatureMeasure.Confidence }])),
            cancellationToken);
        using var grpc = Of(server);

        // Each way brings numbers of its own.
        Ok(await server.PostAsync("/v2/models/m/infer", """{"inputs":[{"name":"x","shape":[4,2],"datatype":"FP32","data":[0.5,9,0.5,9,0.5,0,0.5,0]}]}""", cancellationToken));
        Ok(await server.PostBinaryAsync(
            """{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","parameters":{"binary_data_size":16}}]}""", Bytes(1.5f, 0, 1.5f, 9), cancellationToken));
        Ok(await server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", Bytes(2.5f, 0), [(RestCalls.BinaryHeader, "0")], cancellationToken));
        Ok(await server.PostAsync("/v1/models/m:predict", """{"instances":[[3.5,0],[3.5,0]]}""", cancellationToken));
        await grpc.InferAsync(Request(Floats("x", [3, 2], 4.5f, 0, 4.5f, 0, 4.5f, 0)), cancellationToken);
        await grpc.InferAsync(Raw("x", "FP32", [1, 2], Bytes(5.5f, 0)), cancellationToken);
        await StreamAsync(grpc, Request(Floats("x", [1, 2], 99, 0)), cancellationToken);

        var scrape = await DriftScrape.OfAsync(server, cancellationToken);
        scrape.Seen("x").Should().Be("[0,1]:4 (1,2]:2 (2,3]:1 (3,4]:2 (4,5]:3 (5,6]:1 high:1");
        scrape.Seen("output.label").Should().Be("0:11 1:3");
        scrape.Seen("output.probabilities").Should().Be("[0.5,0.9]:3 high:11");
        scrape.Expected("output.label").Should().Be("0:1 1:0 other:0 missing:0");

        var version = (await WindowAsync(server, cancellationToken)).Versions.Should().ContainSingle().Subject;
        version.Features.Select(feature => feature.Name).Should().Equal("x", "output.label", "output.probabilities");
        version.Features[0].Bins.Should().Equal("low", "[0,1]", "(1,2]", "(2,3]", "(3,4]", "(4,5]", "(5,6]", "high", "missing");
        version.Features[0].Counts.Should().Equal(0, 4, 2, 1, 2, 3, 1, 1, 0);
        version.Features[0].Expected.Should().Equal(1, 0, 0, 0, 0, 0, 0, 0, 0);
        version.Features[1].Counts.Should().Equal(11, 3, 0, 0);
        version.Features[2].Counts.Should().Equal(0, 3, 11, 0);
    }

    [Test]
    public async Task What_is_not_answered_and_what_warms_up_is_not_counted(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            new ModelFolder().WithModel(TestModels.Total()).WithBaseline(SampleBaselines.Of([SampleBaselines.Numeric("x", 0, 9)], [SampleBaselines.Numeric("y", 0, 9)]))
                .WithText("model.yaml", "warmup: [{request: {inputs: [{name: x, shape: [1], datatype: FP32, data: [3]}]}}]"),
            cancellationToken);
        using var grpc = Of(server);
        await server.InferAsync("nonsense", cancellationToken);
        await server.InferAsync("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[3]}]}""", cancellationToken);

        // The model gives one row for two, which V1 has no answer for.
        var late = await server.PostAsync("/v1/models/m:predict", """{"instances":[3,3]}""", cancellationToken);
        await FailureAsync(() => grpc.InferAsync(Request(Floats("x", [2], 3)), cancellationToken));
        await server.InferAsync("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[5,7]}]}""", cancellationToken);

        late.Status.Should().NotBe(HttpStatusCode.OK);
        var scrape = await DriftScrape.OfAsync(server, cancellationToken);
        scrape.Seen("x").Should().Be("[0,9]:2");
        scrape.Seen("output.y").Should().Be("high:1");
    }

    [Test]
    public async Task Rows_that_ran_together_count_under_the_requests_that_brought_them(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            new ModelFolder().WithModel(TestModels.Heavy(layers: 20)).WithBaseline(SampleBaselines.Of(
                [SampleBaselines.Numeric("x", 0, 2)], [SampleBaselines.Numeric("y", 0, 2)])),
            cancellationToken,
            settings => settings with { Batching = new() { Mode = BatchingMode.On, MaxBatchSize = 32 } });

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => server.InferAsync(RestCalls.HeavyRequest(rows: 1 + (i % 2)), cancellationToken)));

        var scrape = await DriftScrape.OfAsync(server, cancellationToken);
        scrape.Seen("x").Should().Be("[0,2]:60");
        scrape.Seen("output.y").Should().Be("[0,2]:60");
    }

    private static void Ok(RestReply reply) => reply.Status.Should().Be(HttpStatusCode.OK, reply.Text);

    private static byte[] Bytes(params float[] elements) => MemoryMarshal.AsBytes<float>(elements).ToArray();

    private static async Task StreamAsync(GrpcClient grpc, ModelInferRequest request, CancellationToken cancellationToken)
    {
        using var stream = grpc.Inference.ModelStreamInfer(cancellationToken: cancellationToken);
        await stream.RequestStream.WriteAsync(request, cancellationToken);
        await stream.RequestStream.CompleteAsync();
        (await stream.ResponseStream.MoveNext(cancellationToken)).Should().BeTrue();
        stream.ResponseStream.Current.ErrorMessage.Should().BeEmpty();
    }

    private static async Task<ServerWindow> WindowAsync(TestServer server, CancellationToken cancellationToken) => JsonSerializer.Deserialize<ServerWindow>(
        await server.Management.GetStringAsync("/window?from=0&to=9999999999", cancellationToken), Web)!;
}
