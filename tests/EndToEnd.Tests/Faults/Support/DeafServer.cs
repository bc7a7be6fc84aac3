using System.Net;
using System.Net.Sockets;

namespace Slipway.EndToEnd.Tests.Faults.Support;

/// <summary>Takes connections and closes them, as a machine whose server is not up yet.</summary>
internal sealed class DeafServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _refusing;
    private int _refused;

    private DeafServer(IPEndPoint at)
    {
        _listener = new(at);
        _listener.Start();
        _refusing = RefuseAsync();
    }

    public int Refused => Volatile.Read(ref _refused);

    public static DeafServer At(Uri address) => new(new(IPAddress.Parse(address.Host), address.Port));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _refusing;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RefuseAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _refused);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
