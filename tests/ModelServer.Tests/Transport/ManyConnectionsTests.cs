using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport;

/// <summary>What connections cost, by the thousand, in a server of its own process.</summary>
[Category("Long")]
[CancelAfter(300_000)]
internal sealed class ManyConnectionsTests
{
    private const string Body = """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""";
    private const int Idle = 10_000;
    private const int Active = 5_000;

    // Twice what was measured of an idle one; a request under way holds its body besides.
    private const int MostBytesEach = 24 << 10;

    private static readonly byte[] Request = Encoding.ASCII.GetBytes($"POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

    [Test]
    public Task Ten_thousand_connections_that_have_asked_and_wait_cost_little(CancellationToken cancellationToken) =>
        HoldAsync(Idle, async client => await AskAsync(client, cancellationToken), "idle", cancellationToken);

    [Test]
    public Task Five_thousand_requests_that_are_under_way_cost_little(CancellationToken cancellationToken) =>
        HoldAsync(Active, async client => await client.SendAsync(Request.AsMemory(0, Request.Length - 10), cancellationToken), "active", cancellationToken);

    private static async Task HoldAsync(int connections, Func<Socket, Task> use, string what, CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        await using var server = ServerProcess.Serve(folder, "--min-body-rate", "0", "--request-timeout", "10m");
        var (http, management) = await server.ClientsAsync(cancellationToken);
        using (http)
        using (management)
        {
            await server.LineAsync("is ready after", cancellationToken);
            var port = http.BaseAddress!.Port;
            using var sockets = new Sockets();
            await AskAsync(await sockets.ConnectAsync(port, cancellationToken), cancellationToken);
            var before = server.ResidentBytes;

            for (var i = 0; i < connections; i++)
            {
                await use(await sockets.ConnectAsync(port, cancellationToken));
            }

            await AskAsync(await sockets.ConnectAsync(port, cancellationToken), cancellationToken);
            var each = (server.ResidentBytes - before) / connections;

            TestContext.Out.WriteLine($"{connections} {what} connections: {each} bytes each");
            each.Should().BeLessThan(MostBytesEach);
        }
    }

    private static async Task AskAsync(Socket client, CancellationToken cancellationToken)
    {
        await client.SendAsync(Request, cancellationToken);
        var answer = new byte[1024];
        var read = await client.ReceiveAsync(answer, cancellationToken);
        Encoding.ASCII.GetString(answer, 0, read).Should().StartWith("HTTP/1.1 200 OK");
    }

    private sealed class Sockets : IDisposable
    {
        private readonly List<Socket> _open = [];

        public async Task<Socket> ConnectAsync(int port, CancellationToken cancellationToken)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            _open.Add(socket);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return socket;
        }

        public void Dispose() => _open.ForEach(socket => socket.Dispose());
    }
}
