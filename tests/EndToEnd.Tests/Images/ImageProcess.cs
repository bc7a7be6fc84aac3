using System.Diagnostics;
using System.Text;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Images;

/// <summary>An image's entry point, run as a pod would run it.</summary>
internal sealed class ImageProcess : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    /// <param name="mounts">Folders of this machine, by the path that they have in the image.</param>
    /// <param name="environment">On top of the image's own.</param>
    public ImageProcess(Image image, IReadOnlyDictionary<string, string> mounts, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string[] command =
        [
            "--mount", Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "Images", "run-image.sh"), image.Root, image.User,
            .. mounts.SelectMany(mount => new[] { mount.Value, mount.Key }), "--", .. image.Entrypoint, .. arguments,
        ];
        var start = new ProcessStartInfo("unshare", command) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in image.Environment.Concat(environment))
        {
            start.Environment[name] = value;
        }

        _process = new() { StartInfo = start };
        _process.OutputDataReceived += Collect;
        _process.ErrorDataReceived += Collect;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>A line of <c>/proc/PID/status</c>, as <c>Uid</c>.</summary>
    public string[] Status(string name) => File.ReadLines($"/proc/{_process.Id}/status")
        .Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal)).Split('\t', StringSplitOptions.RemoveEmptyEntries)[1..];

    public async Task<int> ExitCodeAsync(TimeSpan limit)
    {
        using var end = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(end.Token);
        return _process.ExitCode;
    }

    /// <summary>What Kubernetes sends when a pod is deleted.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Collect(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
