using System.Net;
using System.Net.Sockets;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>Passes connections on to another port, and breaks some of them: a connection may answer only so many bytes before it is reset.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, int?> _answerLimit;
    private readonly int _target;
    private readonly Task _accepting;
    private int _accepted;

    /// <param name="answerLimit">For the n-th connection, from 0: bytes of answer after which it is reset; null for all.</param>
    public FaultyProxy(int target, Func<int, int?> answerLimit)
    {
        _target = target;
        _answerLimit = answerLimit;
        _listener.Start();
        _accepting = AcceptAsync(_stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Broken { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(cancellationToken);
                connections.Add(PassAsync(client, _answerLimit(_accepted++), cancellationToken));
            }
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client, int? limit, CancellationToken cancellationToken)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, cancellationToken);
                var up = client.GetStream().CopyToAsync(server.GetStream(), cancellationToken);
                var down = AnswerAsync(server.GetStream(), client, limit, cancellationToken);
                await Task.WhenAny(up, down);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side is gone; closing both is all there is to do.
                client.LingerState = new LingerOption(true, 0);
            }
        }
    }

    private async Task AnswerAsync(NetworkStream from, TcpClient to, int? limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var left = limit ?? int.MaxValue;
        int read;
        while ((read = await from.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, Math.Max(1, left))), cancellationToken)) > 0)
        {
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= limit is null ? 0 : read;
            if (left <= 0)
            {
                Broken++;
                to.LingerState = new LingerOption(true, 0);
                return;
            }
        }
    }
}
