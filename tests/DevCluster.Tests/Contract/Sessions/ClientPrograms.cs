using System.Diagnostics;

namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>The real kubectl and helm, with a home directory, a cache and a kubeconfig of their own.</summary>
internal sealed class ClientPrograms(string home)
{
    public const string Kubectl = "kubectl";

    private static readonly string[] HelmFolders = ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"];

    public string Kubeconfig { get; } = Path.Combine(home, "kubeconfig");

    /// <summary>Starts kubectl or helm beside the manifests; the caller disposes the process.</summary>
    public Process Start(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(Find(program), arguments)
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
        foreach (string folder in HelmFolders)
        {
            start.Environment[folder] = Path.Combine(home, "helm");
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using Process process = Start(program, arguments);
        string error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error}");
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

    private static string Find(string program)
    {
        string variable = $"SLIPWAY_{program.ToUpperInvariant()}";
        string path = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given
            ? given
            : Path.Combine(Root(AppContext.BaseDirectory), ".tools", "bin", program);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"The sessions need a real {program}, and there is none at {path}: run ./build.sh tools, or name one in {variable}.");
    }

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "Operator.sln"))
        ? folder
        : Root(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new DirectoryNotFoundException("No folder above the tests holds Operator.sln."));
}
