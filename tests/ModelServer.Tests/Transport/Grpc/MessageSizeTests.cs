using Grpc.Core;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using static Slipway.ModelServer.Tests.Transport.Grpc.GrpcClient;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

/// <summary>Large messages, too large ones, and too much of them at a time.</summary>
[CancelAfter(120_000)]
internal sealed class MessageSizeTests
{
    [Test]
    public async Task A_message_over_the_limit_is_refused_and_one_at_the_limit_is_taken(CancellationToken cancellationToken)
    {
        var request = Raw("x", "FP32", [100, 3], new byte[1200]);
        await using var server = await TestServer.ServeAsync(
            TestModels.Double(), cancellationToken, settings => settings with { MaxBodyBytes = request.CalculateSize() });
        using var client = Of(server);

        (await client.InferAsync(request, cancellationToken)).RawOutputContents.Single().Length.Should().Be(1200);
        request.Id = "1";
        var failure = await FailureAsync(() => client.InferAsync(request, cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.ResourceExhausted);
        failure.Status.Detail.Should().StartWith("The message is larger than").And.EndWith("send fewer rows at a time.");
        failure.Trailers.Should().NotContain(entry => entry.Key == "grpc-retry-pushback-ms", "the same message never fits");
    }

    [Test]
    public async Task Bodies_in_flight_are_bounded_together_and_given_back(CancellationToken cancellationToken)
    {
        var request = Raw("x", "FP32", [100, 3], new byte[1200]);
        var size = request.CalculateSize();
        await using var server = await TestServer.ServeAsync(
            TestModels.Double(), cancellationToken, settings => settings with { MaxBodyBytes = 2 * size, MaxBodyBytesInFlight = size });
        using var client = Of(server);

        for (var i = 0; i < 3; i++)
        {
            (await client.InferAsync(request, cancellationToken)).RawOutputContents.Single().Length.Should().Be(1200);
        }

        request.Id = "1";
        var failure = await FailureAsync(() => client.InferAsync(request, cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.ResourceExhausted);
        failure.Status.Detail.Should().StartWith("The bodies of the requests in flight fill the");
        failure.Trailers.GetValue("grpc-retry-pushback-ms").Should().Be("1000");
    }

    [Test]
    public async Task A_large_message_comes_whole_and_so_does_its_answer(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.UInt8, -1), cancellationToken);
        using var client = Of(server);
        var bytes = new byte[5_000_001];
        new Random(5).NextBytes(bytes);

        var answer = await client.InferAsync(Raw("x", "UINT8", [bytes.Length], bytes), cancellationToken);

        answer.RawOutputContents.Single().Span.SequenceEqual(bytes).Should().BeTrue();
    }
}
