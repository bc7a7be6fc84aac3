using System.Diagnostics;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The unmodified promtool, which says whether Prometheus could read something.</summary>
internal static class Promtool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Checks a text and expects it to be right.</summary>
    /// <param name="what">Of promtool's checks: <c>rules</c> or <c>metrics</c>.</param>
    public static async Task CheckAsync(string what, string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, ".tools", "bin", "promtool"), ["check", what])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.StandardInput.WriteAsync(text.AsMemory(), limit.Token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.Should().Be(0, "promtool said: {0}{1}", await output, await errors);
    }
}
