using System.Diagnostics;

namespace Slipway.Operator.Tests.GitOps;

/// <summary>A program of .tools/, run to its end.</summary>
internal static class Tool
{
    public static async Task<string> RunAsync(string name, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, ".tools", "bin", name), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, await errors);
        return output;
    }
}
