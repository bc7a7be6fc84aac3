using System.Diagnostics;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>What one run of kubectl printed, and how it ended.</summary>
internal sealed record KubectlResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";
}

/// <summary>The unmodified kubectl binary, bound to one kubeconfig and namespace.</summary>
internal sealed class Kubectl(string kubeconfig, string @namespace)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public string Namespace => @namespace;

    public static string Binary { get; } = Environment.GetEnvironmentVariable("SLIPWAY_KUBECTL") ?? Path.Combine(Repository.Root, ".tools", "bin", "kubectl");

    /// <summary>Runs to the end and expects success.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var result = await TryAsync(null, arguments);
        result.ExitCode.Should().Be(0, "kubectl {0} should succeed: {1}", string.Join(' ', arguments), result);
        return result.Output;
    }

    /// <summary>Applies a manifest given as text and expects success.</summary>
    public async Task<string> ApplyAsync(string manifest, params string[] arguments)
    {
        var result = await TryApplyAsync(manifest, arguments);
        result.ExitCode.Should().Be(0, "kubectl apply should succeed: {0}", result);
        return result.Output;
    }

    public Task<KubectlResult> TryApplyAsync(string manifest, params string[] arguments) => TryAsync(manifest, ["apply", "-f", "-", .. arguments]);

    public Task<KubectlResult> TryAsync(params string[] arguments) => TryAsync(null, arguments);

    /// <summary>One value by JSONPath; empty when the path finds nothing.</summary>
    public Task<string> GetAsync(string resource, string jsonPath) => RunAsync("get", resource, "-o", $"jsonpath={jsonPath}");

    private async Task<KubectlResult> TryAsync(string? input, string[] arguments)
    {
        File.Exists(Binary).Should().BeTrue($"{Binary} is what the tests drive; ./build.sh tools installs it");
        using var process = new Process
        {
            StartInfo = new(Binary, ["--kubeconfig", kubeconfig, "--namespace", @namespace, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        using var limit = new CancellationTokenSource(Limit);
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
        }

        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"kubectl {string.Join(' ', arguments)} did not end within {Limit}.");
        }

        return new(process.ExitCode, await output, await error);
    }
}
