using System.Diagnostics;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The unmodified helm binary, bound to one kubeconfig; what it keeps is in a folder of the test.</summary>
internal sealed class Helm(string kubeconfig, string home)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static string Chart { get; } = Path.Combine(Repository.Root, "charts", "slipway");

    private static string Binary { get; } = Path.Combine(Repository.Root, ".tools", "bin", "helm");

    /// <summary>Runs to the end and expects success.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var result = await TryAsync(arguments);
        result.ExitCode.Should().Be(0, "helm {0} should succeed: {1}", string.Join(' ', arguments), result);
        return result.Output;
    }

    public async Task<KubectlResult> TryAsync(params string[] arguments)
    {
        File.Exists(Binary).Should().BeTrue($"{Binary} is what the tests drive; ./build.sh tools installs it");
        using var process = new Process { StartInfo = new(Binary, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.StartInfo.Environment["KUBECONFIG"] = kubeconfig;
        foreach (var variable in new[] { "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME" })
        {
            process.StartInfo.Environment[variable] = home;
        }

        using var limit = new CancellationTokenSource(Limit);
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"helm {string.Join(' ', arguments)} did not end within {Limit}.");
        }

        return new(process.ExitCode, await output, await error);
    }
}
