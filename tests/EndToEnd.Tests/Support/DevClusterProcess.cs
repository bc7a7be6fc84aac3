using System.Diagnostics;
using System.Text;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary><c>slipway-dev</c> as a process of its own, as the quickstart starts it.</summary>
internal sealed class DevClusterProcess : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    public DevClusterProcess(string dataDirectory, params string[] arguments)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Slipway.DevCluster", here.Name, "slipway-dev");
        // A shell that runs the tests in the background has them ignore Ctrl-C, which children inherit; a user's shell does not.
        string[] command = ["--default-signal=INT", program, "up", "--data-dir", dataDirectory, .. arguments];
        _process = new() { StartInfo = new("env", command) { RedirectStandardOutput = true, RedirectStandardError = true } };
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

    public async Task<int> ExitCodeAsync(TimeSpan limit)
    {
        using var end = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(end.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal by its name, as <c>INT</c>.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
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
