using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>Clients that go away before they are answered.</summary>
[CancelAfter(120_000)]
internal sealed class DisconnectTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_client_that_goes_away_in_the_middle_of_its_body_is_counted_as_cancelled_and_leaves_nothing(bool reset, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Counting(), cancellationToken);
        using var client = await RawClient.ConnectAsync(server.Host.HttpPort, cancellationToken);
        await client.SendAsync("POST /v2/models/m/infer HTTP/1.1\r\nHost: m\r\nContent-Length: 100000\r\n\r\n{\"inputs\":", cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held > 0, cancellationToken);

        client.GoAway(reset);

        await IsCancelledAsync(server, cancellationToken);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_run_whose_client_goes_away_is_ended_counted_as_cancelled_and_leaves_nothing(bool reset, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Counting(), cancellationToken);
        using var client = await RawClient.ConnectAsync(server.Host.HttpPort, cancellationToken);
        var body = TestServer.Count(long.MaxValue);
        await client.SendAsync($"POST /v2/models/m/infer HTTP/1.1\r\nHost: m\r\nContent-Length: {body.Length}\r\n\r\n{body}", cancellationToken);
        await server.UntilAsync(() => server.CallsOut > 0, cancellationToken);

        client.GoAway(reset);

        await IsCancelledAsync(server, cancellationToken);
    }

    private static async Task IsCancelledAsync(TestServer server, CancellationToken cancellationToken)
    {
        while (await server.MetricAsync("slipway_requests_total", "code=\"cancelled\"", cancellationToken) == 0)
        {
            (await server.MetricAsync("slipway_requests_total", "code=\"(invalid_argument|internal|ok)\"", cancellationToken)).Should().Be(0);
        }

        await server.UntilAsync(() => server.CallsOut == 0 && server.Host.Bodies.Held == 0, cancellationToken);
        (await server.MetricAsync("slipway_requests_total", "code=\"cancelled\"", cancellationToken)).Should().Be(1);
    }
}
