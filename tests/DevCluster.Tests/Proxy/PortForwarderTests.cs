using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.DevCluster.Proxy;

namespace Slipway.DevCluster.Tests.Proxy;

[CancelAfter(30_000)]
internal sealed class PortForwarderTests
{
    [Test]
    public async Task Connections_go_to_targets_in_turn_and_pass_over_dead_ones(CancellationToken cancellationToken)
    {
        using var first = Listen();
        using var second = Listen();
        var address = FreeAddress();
        await using var forwarder = new PortForwarder(address);
        await forwarder.SetTargetsAsync([Of(first), FreeAddress(), Of(second)]);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var serving = Task.WhenAll(AnswerAsync(first, "first", stop.Token), AnswerAsync(second, "second", stop.Token));
        var answers = new List<string>();
        for (var count = 0; count < 6; count++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address, cancellationToken);
            using var reader = new StreamReader(client.GetStream());
            answers.Add(await reader.ReadToEndAsync(cancellationToken));
        }

        await stop.CancelAsync();
        await serving;
        answers.Should().Contain("first").And.Contain("second");
    }

    [Test]
    public async Task Without_targets_connections_are_refused_and_existing_ones_stay(CancellationToken cancellationToken)
    {
        using var target = Listen();
        var address = FreeAddress();
        await using var forwarder = new PortForwarder(address);
        await forwarder.SetTargetsAsync([Of(target)]);
        using var existing = new TcpClient();
        await existing.ConnectAsync(address, cancellationToken);
        using var behind = await target.AcceptTcpClientAsync(cancellationToken);

        await forwarder.SetTargetsAsync([]);

        using var late = new TcpClient();
        var connect = async () => await late.ConnectAsync(address, cancellationToken);
        (await connect.Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.ConnectionRefused);
        await behind.GetStream().WriteAsync("still here"u8.ToArray(), cancellationToken);
        var buffer = new byte[10];
        await existing.GetStream().ReadExactlyAsync(buffer, cancellationToken);
        Encoding.UTF8.GetString(buffer).Should().Be("still here");
    }

    private static async Task AnswerAsync(TcpListener listener, string text, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static IPEndPoint Of(TcpListener listener) => (IPEndPoint)listener.LocalEndpoint;

    private static IPEndPoint FreeAddress()
    {
        using var listener = Listen();
        return Of(listener);
    }
}
