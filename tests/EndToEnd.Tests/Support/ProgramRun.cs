using System.Diagnostics;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>What one run of a program printed, and how it ended.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="input">All that it can read from its standard input.</param>
    /// <exception cref="TimeoutException">It did not end within the limit, and was killed.</exception>
    public static async Task<ProgramRun> ToEndAsync(ProcessStartInfo start, TimeSpan limit, string input = "")
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        using var end = new CancellationTokenSource(limit);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), end.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {limit}:\n{await output}\n{await error}");
        }

        return new(process.ExitCode, await output, await error);
    }

    /// <summary>The output, which only a success has.</summary>
    /// <param name="command">How the message of a failure names the run.</param>
    public string OutputOfSuccess(string command)
    {
        ExitCode.Should().Be(0, "{0} should succeed: {1}", command, this);
        return Output;
    }

    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";
}
