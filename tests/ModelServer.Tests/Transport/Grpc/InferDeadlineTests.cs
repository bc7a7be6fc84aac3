using Google.Protobuf;
using Grpc.Core;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Grpc.Messages;
using static Slipway.ModelServer.Tests.Transport.Grpc.GrpcClient;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

/// <summary>Calls that nobody waits for any more, and those that nobody should have to wait for.</summary>
[CancelAfter(120_000)]
internal sealed class InferDeadlineTests
{
    [TestCaseSource(nameof(TooShort))]
    public async Task A_run_that_outlasts_what_the_client_allows_is_ended(string how, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Heavy(layers: 1000), cancellationToken);
        using var client = Of(server, timeout: how == "grpc-timeout" ? "200m" : null);
        var request = Heavy(rows: 100);
        if (how != "grpc-timeout")
        {
            request.Parameters["timeout"] = how == "timeout" ? new InferParameter { Int64Param = 200_000 } : new InferParameter { Uint64Param = 200_000 };
        }

        var failure = await FailureAsync(() => client.InferAsync(request, cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.DeadlineExceeded);
        failure.Status.Detail.Should().Be("The request took longer than 0.2 s, the most that it asked for.");
    }

    [Test]
    public async Task A_call_that_is_too_late_costs_no_run(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = Of(server);
        var request = Request(Floats("x", [1, 3], 1, 2, 3));
        request.Parameters["timeout"] = new InferParameter { Int64Param = 1 };

        var failure = await FailureAsync(() => client.InferAsync(request, cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.DeadlineExceeded);
        server.Host.Versions.Newest!.Metrics.Statistics.Runs.Should().Be(0);
    }

    [Test]
    public async Task A_clients_own_deadline_is_counted_as_one(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Heavy(layers: 1000), cancellationToken);
        using var client = Of(server);

        var failure = await FailureAsync(async () => await client.Inference.ModelInferAsync(
            Heavy(rows: 100), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300), cancellationToken: cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.DeadlineExceeded);
        await server.UntilCountedAsync("deadline_exceeded", 1, cancellationToken);
    }

    [TestCase(0, Description = "its message does not come")]
    [TestCase(1, Description = "its end does not come")]
    public async Task A_call_that_is_not_whole_by_its_deadline_is_its_clients_fault(int messages, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = Of(server, timeout: "200m");
        using var call = await BeginAsync(client, messages, new CallOptions(cancellationToken: cancellationToken));

        var failure = await FailureAsync(() => call.ResponseStream.MoveNext(cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.InvalidArgument);
        failure.Status.Detail.Should().Be("The request did not arrive within 0.2 s; send it at once.");
        await server.UntilCountedAsync("invalid_argument", 1, cancellationToken);
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task A_clients_own_deadline_is_not_counted_as_one_while_its_call_is_not_whole(int messages, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = Of(server);
        using var call = await BeginAsync(client, messages, new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300), cancellationToken: cancellationToken));

        var failure = await FailureAsync(() => call.ResponseStream.MoveNext(cancellationToken));

        failure.StatusCode.Should().BeOneOf(StatusCode.DeadlineExceeded, StatusCode.InvalidArgument);
        while (await CountedAsync("protocol=\"grpc\"") == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        (await CountedAsync("code=\"deadline_exceeded\"")).Should().Be(0);

        Task<double> CountedAsync(string labels) => server.MetricAsync("slipway_requests_total", labels, cancellationToken);
    }

    [Test]
    public async Task A_call_that_its_client_gives_up_is_counted_as_cancelled(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Heavy(layers: 1000), cancellationToken);
        using var client = Of(server);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        var call = FailureAsync(() => client.InferAsync(Heavy(rows: 100), giveUp.Token));
        await server.UntilInFlightAsync(1, cancellationToken);
        await giveUp.CancelAsync();

        (await call).StatusCode.Should().Be(StatusCode.Cancelled);
        await server.UntilCountedAsync("cancelled", 1, cancellationToken);
        await server.UntilInFlightAsync(0, cancellationToken);
    }

    [Test]
    public async Task What_is_too_much_is_refused_with_the_time_after_which_to_try_again(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Heavy(layers: 1000), cancellationToken, settings => settings with { Live = new() { MaxConcurrency = 1 } });
        using var client = Of(server);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = FailureAsync(() => client.InferAsync(Heavy(rows: 100), giveUp.Token));
        await server.UntilInFlightAsync(1, cancellationToken);

        var failure = await FailureAsync(() => client.InferAsync(Heavy(rows: 1), cancellationToken));
        await giveUp.CancelAsync();
        await first;

        failure.StatusCode.Should().Be(StatusCode.ResourceExhausted);
        failure.Status.Detail.Should().StartWith("Too much to do: 1 requests");
        int.Parse(failure.Trailers.GetValue("grpc-retry-pushback-ms")!, null).Should().BePositive();
        await server.UntilCountedAsync("resource_exhausted", 1, cancellationToken);
    }

    /// <summary>Sends so many messages, and not the call's end.</summary>
    private static async Task<AsyncDuplexStreamingCall<byte[], byte[]>> BeginAsync(GrpcClient client, int messages, CallOptions options)
    {
        var call = client.BeginInfer(options);
        for (var sent = 0; sent < messages; sent++)
        {
            await call.RequestStream.WriteAsync(Request(Floats("x", [1, 3], 1, 2, 3)).ToByteArray());
        }

        return call;
    }

    private static IEnumerable<string> TooShort() => ["timeout", "unsigned timeout", "grpc-timeout"];
}
