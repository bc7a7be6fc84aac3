using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Rest;
using Slipway.ModelServer.Transport.Grpc.Messages;
using static Slipway.ModelServer.Tests.Transport.Grpc.GrpcClient;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

[CancelAfter(60_000)]
internal sealed class StatisticsTests
{
    private const int Rows = 1_000;

    [Test]
    public async Task Reading_requests_and_writing_answers_is_counted(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = Of(server);
        await client.InferAsync(Good(), cancellationToken);
        await client.InferAsync(Good(), cancellationToken);
        await FailureAsync(() => client.InferAsync(Bad(), cancellationToken));

        await ExpectAsync(server, cancellationToken);
    }

    [Test]
    public async Task Reading_and_writing_are_counted_of_each_request_of_a_stream(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = Of(server);
        using var stream = client.Inference.ModelStreamInfer(cancellationToken: cancellationToken);
        foreach (var request in (ModelInferRequest[])[Good(), Bad(), Good()])
        {
            await stream.RequestStream.WriteAsync(request, cancellationToken);
            (await stream.ResponseStream.MoveNext(cancellationToken)).Should().BeTrue();
        }

        await stream.RequestStream.CompleteAsync();
        await ExpectAsync(server, cancellationToken);
    }

    // Two requests that were answered, and one that could not be read.
    private static async Task ExpectAsync(TestServer server, CancellationToken cancellationToken)
    {
        await server.UntilCountedAsync("ok", 2, cancellationToken);
        await server.UntilCountedAsync("invalid_argument", 1, cancellationToken);
        var answer = await server.GetAsync("/v2/models/m/stats", cancellationToken);
        var sums = answer.Json["model_stats"]![0]!["inference_stats"]!;
        foreach (var kind in (string[])["compute_input", "compute_infer", "compute_output"])
        {
            sums[kind]!["count"]!.GetValue<long>().Should().Be(2, kind);
            sums[kind]!["ns"]!.GetValue<long>().Should().BePositive(kind);
        }
    }

    private static ModelInferRequest Good() => Request(Floats("x", [Rows, 3], new float[Rows * 3]));

    private static ModelInferRequest Bad() => Request(Floats("x", [Rows, 2], new float[Rows * 2]));
}
