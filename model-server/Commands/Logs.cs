using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Slipway.ModelServer.Telemetry;
using Slipway.Telemetry;

namespace Slipway.ModelServer.Commands;

/// <summary>Where logs go: standard error, a line each; JSON when no person is watching.</summary>
internal static class Logs
{
    public static void Configure(ILoggingBuilder builder, LogLevel level)
    {
        builder.SetMinimumLevel(level);
        builder.AddFilter("Microsoft", LogLevel.Warning);

        // While any level of it is on, the framework begins an activity for every request, for the sake of its own log lines.
        builder.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.AddFilter(RequestLog.Category, LogLevel.Information);
        builder.Services.Configure<ConsoleLoggerOptions>(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;

            // Whoever reads the log may be slow; requests do not wait for them.
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });

        // No scope is begun but by the web server, which would number its connection in the line of every request.
        ConsoleLog.AddTo(builder, json: Console.IsErrorRedirected, scopes: false);
    }
}
