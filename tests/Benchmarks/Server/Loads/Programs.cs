using System.ComponentModel;
using System.Diagnostics;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>Runs a program that makes a load, and reads what it says.</summary>
internal static class Programs
{
    /// <exception cref="InvalidOperationException">It is missing or failed.</exception>
    public static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var said = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}{said}");
    }

    private static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{program} does not start ({exception.Message}); build/bench.sh says what it comes in.", exception);
        }
    }
}
