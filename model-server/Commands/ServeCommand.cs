using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Commands;

/// <summary><c>serve</c>: serves one model until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var options = new ServeOptions();
        var logLevel = new Option<LogLevel>("--log-level") { Description = "least level that is logged", DefaultValueFactory = _ => LogLevel.Information };
        var command = new Command("serve", "Serve one model.") { logLevel };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var errors = new List<string>();
            var warnings = new List<string>();
            var settings = options.Read(parsed, errors, warnings);
            if (warnings.Count > 0)
            {
                using var loggers = LoggerFactory.Create(builder => Logs.Configure(builder, parsed.GetValue(logLevel)));
                var logger = loggers.CreateLogger(typeof(ServeCommand));
                warnings.ForEach(warning => Log.PassedOver(logger, warning));
            }

            if (settings is null)
            {
                await ReportAsync(string.Join('\n', errors));
                return ExitCodes.BadConfiguration;
            }

            return await RunAsync(settings, parsed.GetValue(logLevel), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(ServerSettings settings, LogLevel logLevel, CancellationToken cancellationToken)
    {
        // Runs of a heavy model hold their threads; probes need others.
        ThreadPool.GetMinThreads(out var workers, out var completionPorts);
        ThreadPool.SetMinThreads(workers + Workers.For(settings.Session, Environment.ProcessorCount) + 2, completionPorts);
        // Its library is read from disk while the listeners start. A fault is told where the model is loaded, which asks for the same.
        _ = Task.Run(OnnxRuntimeEnvironment.Initialize, CancellationToken.None);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => StopOnce(signal, stop));
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => StopOnce(signal, stop));
        try
        {
            await using var host = await ModelServerHost.StartAsync(settings, builder => Logs.Configure(builder, logLevel), TimeProvider.System, stop.Token);
            try
            {
                await host.LoadAsync(stop.Token);
                await host.FollowAsync(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                await host.DrainAsync(CancellationToken.None);
            }

            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
        catch (ModelRejectedException exception)
        {
            await ReportAsync(exception.Message);
            return exception is DigestChangedException ? ExitCodes.DigestChanged : ExitCodes.Failed;
        }
        catch (IOException exception)
        {
            await ReportAsync($"The server cannot listen: {exception.Message}");
            return ExitCodes.Failed;
        }
    }

    // A second signal keeps its usual meaning, which is to end the process at once.
    private static void StopOnce(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }

    private static async Task ReportAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        if (TerminationLog.Write(sentence) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
        }
    }
}
