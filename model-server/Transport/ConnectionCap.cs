using Microsoft.AspNetCore.Connections;

namespace Slipway.ModelServer.Transport;

/// <summary>Bounds the connections of one listener: one too many is closed before anything is read from it.</summary>
internal sealed class ConnectionCap(int most)
{
    private int _open;

    /// <summary>Middleware for connections, the first of them.</summary>
    public ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= most)
            {
                await next(connection);
            }
            else
            {
                connection.Abort();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };
}
