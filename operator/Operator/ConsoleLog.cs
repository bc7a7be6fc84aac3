using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Slipway.Telemetry;

/// <summary>How a program's log looks on the console: a line each, with the time in UTC. This file is compiled into both operator and server.</summary>
internal static class ConsoleLog
{
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <param name="json">For programs that read it; else text for people.</param>
    /// <param name="scopes">Whether a line says in which scopes it was written, those of the web server among them.</param>
    public static void AddTo(ILoggingBuilder builder, bool json, bool scopes)
    {
        if (json)
        {
            builder.AddJsonConsole(console => Set(console, Time, scopes));
        }
        else
        {
            builder.AddSimpleConsole(console =>
            {
                Set(console, Time + " ", scopes);
                console.SingleLine = true;
            });
        }
    }

    private static void Set(ConsoleFormatterOptions console, string time, bool scopes) =>
        (console.UseUtcTimestamp, console.TimestampFormat, console.IncludeScopes) = (true, time, scopes);
}
