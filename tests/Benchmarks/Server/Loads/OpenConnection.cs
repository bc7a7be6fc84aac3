using System.Net;
using System.Net.Sockets;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>A connection that carries one request at a time and never blocks.</summary>
internal sealed class OpenConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private long _due;

    public OpenConnection(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Blocking = false;
    }

    public nint Handle => _socket.Handle;

    public bool IsBusy { get; private set; }

    public HttpAnswer Answer { get; } = new();

    /// <param name="due">What <see cref="End"/> gives back.</param>
    /// <returns>False when the connection is broken.</returns>
    /// <exception cref="InvalidOperationException">The request does not fit the socket at once.</exception>
    public bool TrySend(byte[] request, long due)
    {
        IsBusy = true;
        _due = due;
        Answer.Reset();
        var sent = _socket.Send(request, SocketFlags.None, out var error);
        return error == SocketError.Success && sent < request.Length
            ? throw new InvalidOperationException($"A request of {request.Length} bytes is too large for this loader.")
            : error == SocketError.Success;
    }

    /// <returns>Whether the answer is whole; null when the connection is broken.</returns>
    public bool? Receive(Span<byte> room)
    {
        var count = _socket.Receive(room, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.WouldBlock => false,
            SocketError.Success when count > 0 && IsBusy => Answer.Take(room[..count]),
            _ => null,
        };
    }

    /// <returns>When the request was due.</returns>
    public long End()
    {
        IsBusy = false;
        return _due;
    }

    public void Dispose() => _socket.Dispose();
}
