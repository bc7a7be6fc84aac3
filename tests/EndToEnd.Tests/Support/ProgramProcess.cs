using System.Diagnostics;
using System.Text;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A program of this repository as a process of its own, as its users start it.</summary>
internal abstract class ProgramProcess : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    /// <param name="project">The project whose build has the program.</param>
    /// <param name="program">Its file name.</param>
    /// <param name="environment">Variables as <c>NAME=value</c>.</param>
    protected ProgramProcess(string project, string program, string[] arguments, params string[] environment)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, program);
        // A shell that runs the tests in the background has them ignore Ctrl-C, which children inherit; a user's shell does not.
        string[] command = ["--default-signal=INT", .. environment, path, .. arguments];
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

    public bool HasExited => _process.HasExited;

    public async Task<int> ExitCodeAsync(TimeSpan limit)
    {
        using var end = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(end.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until the program has printed this.</summary>
    public Task PrintedAsync(string text, TimeSpan limit) => Eventually.TrueAsync(
        () => Task.FromResult(Output.Contains(text, StringComparison.Ordinal)), () => $"\"{text}\" is printed; so far:\n{Output}", limit);

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
