using System.Diagnostics;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The unmodified kubectl binary, bound to one kubeconfig and namespace.</summary>
internal sealed class Kubectl(string kubeconfig, string @namespace)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public string Namespace => @namespace;

    public static string Binary { get; } = Environment.GetEnvironmentVariable("SLIPWAY_KUBECTL") ?? Path.Combine(Repository.Root, ".tools", "bin", "kubectl");

    /// <summary>Runs to the end and expects success.</summary>
    public async Task<string> RunAsync(params string[] arguments) => (await TryAsync(arguments)).OutputOfSuccess($"kubectl {string.Join(' ', arguments)}");

    /// <summary>Applies a manifest given as text and expects success.</summary>
    public async Task<string> ApplyAsync(string manifest, params string[] arguments) => (await TryApplyAsync(manifest, arguments)).OutputOfSuccess("kubectl apply");

    public Task<ProgramRun> TryApplyAsync(string manifest, params string[] arguments) => TryAsync(manifest, ["apply", "-f", "-", .. arguments]);

    public Task<ProgramRun> TryAsync(params string[] arguments) => TryAsync("", arguments);

    /// <summary>How to start it beside a test.</summary>
    public ProcessStartInfo Start(params string[] arguments) => new(Binary, ["--kubeconfig", kubeconfig, "--namespace", @namespace, .. arguments]);

    /// <summary>Brings the operator's definitions, and waits until they are established.</summary>
    public async Task DefineAsync()
    {
        await RunAsync("apply", "-f", Path.Combine(Repository.Root, "crds"));
        await RunAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    }

    /// <summary>One value by JSONPath; empty when the path finds nothing.</summary>
    public Task<string> GetAsync(string resource, string jsonPath) => RunAsync("get", resource, "-o", $"jsonpath={jsonPath}");

    private Task<ProgramRun> TryAsync(string input, string[] arguments)
    {
        File.Exists(Binary).Should().BeTrue($"{Binary} is what the tests drive; ./build.sh tools installs it");
        return ProgramRun.ToEndAsync(Start(arguments), Limit, input);
    }
}
