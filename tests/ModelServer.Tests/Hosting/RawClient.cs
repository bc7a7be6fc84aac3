using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>A connection that says just what it is told to, to send what no proper client sends and to go away in the middle.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _tcp = new();
    private StreamReader? _reader;

    public static async Task<RawClient> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        client._reader = new StreamReader(client._tcp.GetStream(), Encoding.ASCII);
        return client;
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken) => await _reader!.ReadLineAsync(cancellationToken);

    /// <summary>Whether the server has closed the connection; waits for it to say anything.</summary>
    public async Task<bool> IsClosedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _tcp.GetStream().ReadAsync(new byte[1], cancellationToken) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Goes away as a process does that is killed: with a reset, or in good order with the stream's end.</summary>
    public void GoAway(bool reset)
    {
        if (reset)
        {
            _tcp.LingerState = new LingerOption(true, 0);
        }

        _tcp.Close();
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _tcp.Dispose();
    }
}
