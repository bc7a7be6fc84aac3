using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport;

internal sealed class ConnectionCapTests
{
    private const string Ask = "GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    [Test]
    [CancelAfter(60_000)]
    public async Task One_connection_too_many_is_closed_and_another_is_welcome_when_one_has_gone(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Double(), cancellationToken, settings => settings with { Limits = new() { Connections = 2 } });
        var port = server.Host.HttpPort;
        var first = await AskAsync(port, cancellationToken);
        using var second = await AskAsync(port, cancellationToken);
        using var third = await RawClient.ConnectAsync(port, cancellationToken);

        var closed = await third.IsClosedAsync(cancellationToken);
        var status = await server.Management.GetAsync("/status", cancellationToken);
        first.Dispose();

        closed.Should().BeTrue();
        status.IsSuccessStatusCode.Should().BeTrue();
        while (!await IsWelcomeAsync(port, cancellationToken))
        {
            // The server sees the end of a connection when it sees it.
        }
    }

    private static async Task<bool> IsWelcomeAsync(int port, CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(port, cancellationToken);
        try
        {
            await client.SendAsync(Ask, cancellationToken);
            return await client.ReadLineAsync(cancellationToken) == "HTTP/1.1 200 OK";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<RawClient> AskAsync(int port, CancellationToken cancellationToken)
    {
        var client = await RawClient.ConnectAsync(port, cancellationToken);
        await client.SendAsync(Ask, cancellationToken);
        (await client.ReadLineAsync(cancellationToken)).Should().Be("HTTP/1.1 200 OK");
        return client;
    }
}
