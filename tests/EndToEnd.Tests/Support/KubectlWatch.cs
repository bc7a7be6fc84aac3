using System.Collections.Concurrent;
using System.Diagnostics;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>Every line that <c>kubectl get --watch</c> printed since the watch began.</summary>
internal sealed class KubectlWatch : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    /// <param name="output">As kubectl's <c>-o</c>; one line for each event.</param>
    public KubectlWatch(string kubeconfig, string @namespace, string what, string output)
    {
        string[] command = ["--kubeconfig", kubeconfig, "--namespace", @namespace, "get", what, "--watch", "--no-headers", "-o", output];
        _process = new() { StartInfo = new(Kubectl.Binary, command) { RedirectStandardOutput = true } };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                _lines.Enqueue(text);
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
    }

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
