using Grpc.Core;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Grpc;
using Slipway.ModelServer.Transport.Grpc.Messages;
using static Slipway.ModelServer.Tests.Transport.Grpc.GrpcClient;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

[CancelAfter(120_000)]
internal sealed class StreamInferHandlerTests
{
    private const int Many = 10 * StreamInferHandler.MostInFlight;

    [Test]
    public async Task Every_request_is_answered_in_its_turn(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken);
        using var client = Of(server);
        using var stream = client.Inference.ModelStreamInfer(cancellationToken: cancellationToken);

        var sending = SendAsync(stream, Enumerable.Range(0, Many).Select(i => Numbered(i)), cancellationToken);
        var answers = await ReadAllAsync(stream, cancellationToken);
        await sending;

        answers.Should().HaveCount(Many).And.OnlyContain(answer => answer.ErrorMessage.Length == 0);
        answers.Select(answer => answer.InferResponse.Id).Should().Equal(Enumerable.Range(0, Many).Select(i => $"{i}"));
        answers.Select(answer => answer.InferResponse.Outputs.Single().Contents.Fp32Contents.Single()).Should().Equal(Enumerable.Range(0, Many).Select(i => 2f * i));
        await server.UntilCountedAsync("ok", Many, cancellationToken);
    }

    [Test]
    public async Task An_error_is_told_in_its_turn_and_ends_no_stream(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken);
        using var client = Of(server);
        using var stream = client.Inference.ModelStreamInfer(cancellationToken: cancellationToken);
        var bad = Numbered(1);
        bad.Inputs[0].Datatype = "INT64";

        var sending = SendAsync(stream, [Numbered(0), bad, new ModelInferRequest { Id = "2", ModelName = "other" }, Numbered(3)], cancellationToken);
        var answers = await ReadAllAsync(stream, cancellationToken);
        await sending;

        answers.Select(answer => answer.InferResponse.Id).Should().Equal("0", "1", "2", "3");
        answers.Select(answer => answer.ErrorMessage).Should().Equal(
            "",
            "Input 'x' (FP32, shape [-1,1]) must have datatype FP32, got 'INT64'.",
            "There is no model 'other' here; this server serves 'm'.",
            "");
        answers[3].InferResponse.Outputs.Single().Contents.Fp32Contents.Should().Equal(6);
        await server.UntilCountedAsync("invalid_argument", 1, cancellationToken);
    }

    [Test]
    public async Task A_stream_runs_a_bounded_number_of_requests_at_a_time(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Heavy(layers: 1000), cancellationToken);
        using var client = Of(server);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stream = client.Inference.ModelStreamInfer(cancellationToken: giveUp.Token);

        var reading = FailureAsync(() => ReadAllAsync(stream, cancellationToken));
        var sending = FailureAsync(() => SendAsync(stream, Enumerable.Repeat(Heavy(rows: 300), 3 * StreamInferHandler.MostInFlight), cancellationToken));
        await server.UntilInFlightAsync(StreamInferHandler.MostInFlight, cancellationToken);
        await giveUp.CancelAsync();
        await Task.WhenAll(reading, sending);
        await server.UntilInFlightAsync(0, cancellationToken);

        var metrics = await server.Management.GetStringAsync("/metrics", cancellationToken);
        Sum(metrics).Should().BeInRange(StreamInferHandler.MostInFlight, 2 * StreamInferHandler.MostInFlight, "what waited was never read");

        static int Sum(string metrics) => System.Text.RegularExpressions.Regex
            .Matches(metrics, "slipway_requests_total\\{[^}]*protocol=\"grpc\"[^}]*\\} ([0-9]+)\n").Sum(match => int.Parse(match.Groups[1].Value, null));
    }

    [Test]
    public async Task A_stream_ends_at_its_deadline(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken);
        using var client = Of(server, timeout: "200m");
        using var stream = client.Inference.ModelStreamInfer(cancellationToken: cancellationToken);
        await stream.RequestStream.WriteAsync(Numbered(0), cancellationToken);

        var failure = await FailureAsync(() => ReadAllAsync(stream, cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.DeadlineExceeded);
        failure.Status.Detail.Should().Be("The stream took longer than 0.2 s.");
    }

    [Test]
    public async Task A_stream_that_is_no_messages_ends_with_a_sentence(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(width: 1), cancellationToken, settings => settings with { MaxBodyBytes = 1000 });
        using var client = Of(server);
        using var stream = client.Inference.ModelStreamInfer(cancellationToken: cancellationToken);
        await stream.RequestStream.WriteAsync(Numbered(0), cancellationToken);
        (await stream.ResponseStream.MoveNext(cancellationToken)).Should().BeTrue();
        await stream.RequestStream.WriteAsync(new ModelInferRequest { Id = new string('x', 1000) }, cancellationToken);

        var failure = await FailureAsync(() => ReadAllAsync(stream, cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.ResourceExhausted);
        failure.Status.Detail.Should().StartWith("The message is larger than 1000 bytes");
    }

    [Test]
    public async Task At_the_drain_a_stream_answers_what_it_took_and_ends(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Heavy(layers: 100), cancellationToken);
        using var client = Of(server);
        using var stream = client.Inference.ModelStreamInfer(cancellationToken: cancellationToken);
        for (var i = 0; i < 3; i++)
        {
            var request = Heavy(rows: 100);
            request.Id = $"{i}";
            await stream.RequestStream.WriteAsync(request, cancellationToken);
        }

        await server.UntilInFlightAsync(3, cancellationToken);
        var draining = server.Host.DrainAsync(cancellationToken);
        var answers = new List<string>();
        var failure = await FailureAsync(async () =>
        {
            await foreach (var answer in stream.ResponseStream.ReadAllAsync(cancellationToken))
            {
                answers.Add(answer.InferResponse.Id);
            }
        });
        await draining;

        answers.Should().Equal("0", "1", "2");
        failure.StatusCode.Should().Be(StatusCode.Unavailable, failure.Status.Detail);
        failure.Status.Detail.Should().StartWith("This server is stopping");
    }

    private static ModelInferRequest Numbered(int i)
    {
        var request = Request(Floats("x", [1, 1], i));
        request.Id = $"{i}";
        return request;
    }

    private static async Task SendAsync(
        AsyncDuplexStreamingCall<ModelInferRequest, ModelStreamInferResponse> stream, IEnumerable<ModelInferRequest> requests, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            await stream.RequestStream.WriteAsync(request, cancellationToken);
        }

        await stream.RequestStream.CompleteAsync();
    }

    private static async Task<List<ModelStreamInferResponse>> ReadAllAsync(
        AsyncDuplexStreamingCall<ModelInferRequest, ModelStreamInferResponse> stream, CancellationToken cancellationToken)
    {
        var answers = new List<ModelStreamInferResponse>();
        await foreach (var answer in stream.ResponseStream.ReadAllAsync(cancellationToken))
        {
            answers.Add(answer);
        }

        return answers;
    }
}
