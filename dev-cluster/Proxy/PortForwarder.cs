using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Slipway.DevCluster.Proxy;

/// <summary>
/// One address and port of a Service. It listens while there are targets, so that without any the kernel itself refuses connections;
/// connections that exist stay whatever happens to the targets.
/// </summary>
internal sealed class PortForwarder(IPEndPoint address) : IAsyncDisposable
{
    private const int BufferBytes = 32 * 1024;
    private const int Backlog = 512;
    private const int MaxConnections = 4096;

    private readonly SemaphoreSlim _free = new(MaxConnections);
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Task> _connections = [];
    private volatile IPEndPoint[] _targets = [];
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private uint _next;

    /// <exception cref="SocketException">The address or port cannot be listened on.</exception>
    public async Task SetTargetsAsync(IPEndPoint[] targets)
    {
        _targets = targets;
        if (targets.Length > 0 && _listener is null)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(address);
            listener.Listen(Backlog);
            _listener = listener;
            _accepting = AcceptAsync(listener);
        }
        else if (targets.Length == 0)
        {
            await CloseAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _stop.CancelAsync();
        Task[] left;
        lock (_connections)
        {
            left = [.. _connections];
        }

        await Task.WhenAll(left);
        _stop.Dispose();
        _free.Dispose();
    }

    private async Task CloseAsync()
    {
        _listener?.Dispose();
        _listener = null;
        await _accepting;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (!_free.Wait(0))
            {
                client.Close(0);
                continue;
            }

            var connection = ServeAsync(client);
            lock (_connections)
            {
                _connections.Add(connection);
            }

            _ = connection.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Forget(Task connection)
    {
        _free.Release();
        lock (_connections)
        {
            _connections.Remove(connection);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        // Off the accepting loop from the first moment.
        await Task.Yield();
        using (client)
        {
            using var server = await ConnectAsync();
            if (server is null)
            {
                client.Close(0);
                return;
            }

            client.NoDelay = true;
            using var done = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await Task.WhenAll(PumpAsync(client, server, done), PumpAsync(server, client, done));
        }
    }

    /// <summary>A connection to some target, beginning with the next in turn; null when none takes it.</summary>
    private async Task<Socket?> ConnectAsync()
    {
        var targets = _targets;
        var first = Interlocked.Increment(ref _next);
        for (var offset = 0u; offset < targets.Length; offset++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(targets[(first + offset) % targets.Length], _stop.Token);
                return socket;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The next target may take it.
                socket.Dispose();
            }
        }

        return null;
    }

    /// <summary>Copies one direction. Its end is passed on, and the other direction may go on; a fault ends both.</summary>
    private static async Task PumpAsync(Socket from, Socket to, CancellationTokenSource done)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, SocketFlags.None, done.Token)) > 0)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None, done.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await done.CancelAsync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
