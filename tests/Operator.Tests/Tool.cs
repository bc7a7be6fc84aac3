using System.Diagnostics;

namespace Slipway.Operator.Tests;

/// <summary>A program, run to its end.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>One of <c>.tools/</c>; the answer is what it printed.</summary>
    public static Task<string> RunAsync(string name, string input, params string[] arguments) =>
        RunAsync(new ProcessStartInfo(Path.Combine(Repository.Root, ".tools", "bin", name), arguments), input);

    /// <summary>Expects success.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start, string input = "")
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var limit = new CancellationTokenSource(Limit);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.Should().Be(0, "it said: {0}{1}", output, await errors);
        return output;
    }
}
