using System.Diagnostics;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The unmodified helm binary, bound to one kubeconfig; what it keeps is in a folder of the test.</summary>
internal sealed class Helm(string kubeconfig, string home)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static string Chart { get; } = Path.Combine(Repository.Root, "charts", "slipway");

    private static string Binary { get; } = Path.Combine(Repository.Root, ".tools", "bin", "helm");

    /// <summary>Runs to the end and expects success.</summary>
    public async Task<string> RunAsync(params string[] arguments) => (await TryAsync(arguments)).OutputOfSuccess($"helm {string.Join(' ', arguments)}");

    public Task<ProgramRun> TryAsync(params string[] arguments)
    {
        File.Exists(Binary).Should().BeTrue($"{Binary} is what the tests drive; ./build.sh tools installs it");
        var start = new ProcessStartInfo(Binary, arguments);
        start.Environment["KUBECONFIG"] = kubeconfig;
        foreach (var variable in new[] { "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME" })
        {
            start.Environment[variable] = home;
        }

        return ProgramRun.ToEndAsync(start, Limit);
    }
}
