using Grpc.Core;
using Grpc.Health.V1;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

[CancelAfter(60_000)]
internal sealed class HealthServiceTests
{
    [TestCase("")]
    [TestCase("m")]
    public async Task Health_follows_the_load_and_the_drain(string service, CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        await using var server = await TestServer.StartAsync(TestServer.Settings(folder), cancellationToken);
        using var client = GrpcClient.Of(server);
        var request = new HealthCheckRequest { Service = service };
        using var watch = client.Health.Watch(request, cancellationToken: cancellationToken);

        (await NextAsync(watch, cancellationToken)).Should().Be(ServingStatus.NotServing);
        (await client.Health.CheckAsync(request, cancellationToken: cancellationToken)).Status.Should().Be(ServingStatus.NotServing);
        await server.Host.LoadAsync(cancellationToken);
        (await NextAsync(watch, cancellationToken)).Should().Be(ServingStatus.Serving);
        (await client.Health.CheckAsync(request, cancellationToken: cancellationToken)).Status.Should().Be(ServingStatus.Serving);
        var draining = server.Host.DrainAsync(cancellationToken);
        (await NextAsync(watch, cancellationToken)).Should().Be(ServingStatus.NotServing);
        var end = await GrpcClient.FailureAsync(() => watch.ResponseStream.MoveNext(cancellationToken));
        await draining;

        end.Status.Should().Be(new Status(StatusCode.Unavailable, "This server has stopped."));
    }

    [Test]
    public async Task Another_service_is_unknown(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = GrpcClient.Of(server);
        var request = new HealthCheckRequest { Service = "other" };
        using var watch = client.Health.Watch(request, cancellationToken: cancellationToken);

        var failure = await GrpcClient.FailureAsync(async () => await client.Health.CheckAsync(request, cancellationToken: cancellationToken));

        failure.Status.Should().Be(new Status(StatusCode.NotFound, "There is no service 'other' here; ask for 'm' or the empty name."));
        (await NextAsync(watch, cancellationToken)).Should().Be(ServingStatus.ServiceUnknown);
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, CancellationToken cancellationToken)
    {
        (await watch.ResponseStream.MoveNext(cancellationToken)).Should().BeTrue();
        return watch.ResponseStream.Current.Status;
    }
}
