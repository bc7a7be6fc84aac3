using System.Diagnostics;
using System.Text;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A process that runs beside a test, at most until it is disposed of, and all that it has printed.</summary>
internal abstract class BackgroundProcess : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    protected BackgroundProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
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

    protected int Id => _process.Id;

    public async Task<int> ExitCodeAsync(TimeSpan limit)
    {
        using var end = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(end.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until the process has printed this.</summary>
    public Task PrintedAsync(string text, TimeSpan limit) => Eventually.TrueAsync(
        () => Task.FromResult(Output.Contains(text, StringComparison.Ordinal)), () => $"\"{text}\" is printed; so far:\n{Output}", limit);

    /// <summary>Sends a signal by its name, as <c>INT</c>.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
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
