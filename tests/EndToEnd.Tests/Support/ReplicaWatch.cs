using System.Collections.Concurrent;
using System.Diagnostics;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>Every number of pods that a Deployment asked for since the watch began, as <c>kubectl get --watch</c> tells them.</summary>
internal sealed class ReplicaWatch : IDisposable
{
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly Process _process;

    public ReplicaWatch(string deployment, string @namespace)
    {
        string[] command = ["--kubeconfig", TestCluster.Kubeconfig, "--namespace", @namespace, "get", $"deploy/{deployment}", "--watch", "-o", "jsonpath={.spec.replicas}{\"\\n\"}"];
        _process = new() { StartInfo = new(Kubectl.Binary, command) { RedirectStandardOutput = true } };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } replicas)
            {
                _seen.Enqueue(replicas);
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
    }

    /// <summary>Waits until these numbers, and no other between them, were seen.</summary>
    public Task SeesAsync(params int[] expected) => Eventually.TrueAsync(
        () => Task.FromResult(Changes() == string.Join(", ", expected)),
        () => $"the Deployment asked for {string.Join(", ", expected)} pods in turn; it asked for {Changes()}",
        TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private string Changes()
    {
        var all = _seen.ToList();
        return string.Join(", ", all.Where((replicas, index) => index == 0 || all[index - 1] != replicas));
    }
}
