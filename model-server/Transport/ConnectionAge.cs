using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Slipway.ModelServer.Transport;

/// <summary>
/// Ends connections gracefully at an age, so that clients which hold theirs for ever come back through the Service and new pods get their
/// share; while the server drains, every connection is old. Each connection's age differs by up to a fifth, so that connections made together
/// do not end together.
/// </summary>
/// <remarks>
/// A connection is ended by a request that comes in on it, never while it is idle: then the client is told (GOAWAY, or
/// <c>Connection: close</c>) while the server still owes it an answer, and no request is under way that crosses the end.
/// </remarks>
/// <param name="age">Zero lets connections live.</param>
internal sealed class ConnectionAge(TimeSpan age, TimeProvider clock, CancellationToken draining)
{
    private const double Spread = 0.2;

    /// <summary>Middleware for connections: from here on this one grows old.</summary>
    public ConnectionDelegate Begin(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(new Life(clock.GetTimestamp(), age * (1 - Spread + (2 * Spread * Random.Shared.NextDouble()))));
        return next(connection);
    };

    /// <summary>Middleware for requests: ends the connection when it is old.</summary>
    public Task Answer(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<Life>() is { } life && IsOver(life))
        {
            End(http);
        }

        return next(http);
    }

    private bool IsOver(Life life) =>
        draining.IsCancellationRequested || (life.Age > TimeSpan.Zero && clock.GetElapsedTime(life.Start) >= life.Age);

    private static void End(HttpContext http)
    {
        if (HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            // The client opens no further stream; those that are open are answered.
            http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else
        {
            http.Response.Headers.Connection = "close";
        }
    }

    private sealed record Life(long Start, TimeSpan Age);
}
