using System.Diagnostics;

namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>The real kubectl, with a home directory, a cache and a kubeconfig of its own.</summary>
internal sealed class Kubectl(string home)
{
    private readonly string _binary = Find();

    public string Kubeconfig { get; } = Path.Combine(home, "kubeconfig");

    /// <summary>Starts kubectl beside the manifests; the caller disposes the process.</summary>
    public Process Start(IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(_binary, arguments)
        {
            WorkingDirectory = Path.Combine(Recording.Recordings.Root, "Sessions", "manifests"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = home;
        start.Environment["KUBECONFIG"] = Kubeconfig;
        start.Environment["KUBECACHEDIR"] = Cache;
        start.Environment["TZ"] = "UTC";
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using Process process = Start(arguments);
        string error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} ended with {process.ExitCode}: {error}");
        }
    }

    public void ForgetCache()
    {
        if (Directory.Exists(Cache))
        {
            Directory.Delete(Cache, recursive: true);
        }
    }

    private string Cache => Path.Combine(home, "cache");

    private static string Find()
    {
        string path = Environment.GetEnvironmentVariable("SLIPWAY_KUBECTL") is { Length: > 0 } given
            ? given
            : Path.Combine(Root(AppContext.BaseDirectory), ".tools", "bin", "kubectl");
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"The sessions need a real kubectl, and there is none at {path}: run ./build.sh tools, or name one in SLIPWAY_KUBECTL.");
    }

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "Operator.sln"))
        ? folder
        : Root(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new DirectoryNotFoundException("No folder above the tests holds Operator.sln."));
}
