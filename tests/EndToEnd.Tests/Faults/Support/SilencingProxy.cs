using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Slipway.EndToEnd.Tests.Faults.Support;

/// <summary>Passes bytes on, until it is told to drop those of the connections that there are: each stays open, and dead. New ones are served.</summary>
internal sealed class SilencingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _running = [];
    private CancellationTokenSource _silence = new();

    private SilencingProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        _running.Add(AcceptAsync());
    }

    public Uri Address => new($"https://{_listener.LocalEndpoint}");

    public static SilencingProxy To(Uri server) => new(server);

    public void SilenceAll() => Interlocked.Exchange(ref _silence, new()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_running);
        _listener.Dispose();
        _stop.Dispose();
        _silence.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _silence.Token));
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken silence)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(_server.Host, _server.Port, _stop.Token);
            await Task.WhenAny(PassAsync(near, far, silence), PassAsync(far, near, silence));
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    /// <summary>Ends when either side does, or with the proxy; what comes after the silence is read by nobody.</summary>
    private async Task PassAsync(TcpClient from, TcpClient to, CancellationToken silence)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence, _stop.Token);
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), either.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return;
        }
    }
}
