using Grpc.Core;
using Grpc.Health.V1;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

[CancelAfter(120_000)]
internal sealed class DrainTests
{
    private const int Calls = 8;

    [Test]
    public async Task Sigterm_fails_health_loses_no_accepted_call_and_exits_0(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Heavy(layers: 150));
        await using var server = ServerProcess.Serve(folder, "--request-timeout", "100s");
        var (http, management) = await server.ClientsAsync(cancellationToken);
        using (http)
        using (management)
        using (var client = new GrpcClient(server.GrpcPort))
        {
            await server.LineAsync("is ready after", cancellationToken);
            using var watch = client.Health.Watch(new HealthCheckRequest(), cancellationToken: cancellationToken);
            (await watch.ResponseStream.MoveNext(cancellationToken)).Should().BeTrue();
            watch.ResponseStream.Current.Status.Should().Be(HealthCheckResponse.Types.ServingStatus.Serving);
            var calls = Enumerable.Range(0, Calls).Select(_ => client.InferAsync(GrpcClient.Heavy(rows: 500), cancellationToken)).ToList();
            await Counters.UntilInFlightAsync(management, Calls, cancellationToken);

            await server.SignalAsync("TERM", cancellationToken);
            (await watch.ResponseStream.MoveNext(cancellationToken)).Should().BeTrue();
            watch.ResponseStream.Current.Status.Should().Be(HealthCheckResponse.Types.ServingStatus.NotServing);
            var answers = await Task.WhenAll(calls);

            answers.Should().HaveCount(Calls).And.OnlyContain(answer => answer.RawOutputContents.Count == 1);
            (await GrpcClient.FailureAsync(() => watch.ResponseStream.MoveNext(cancellationToken))).StatusCode.Should().Be(StatusCode.Unavailable);
        }

        (await server.ExitAsync(cancellationToken)).Should().Be(0, server.Errors);
    }
}
