namespace Slipway.EndToEnd.Tests.Support;

/// <summary>Every number of pods that a Deployment asked for since the watch began.</summary>
internal sealed class ReplicaWatch(string deployment, string @namespace) : IDisposable
{
    private readonly KubectlWatch _watch = new(TestCluster.Kubeconfig, @namespace, $"deploy/{deployment}", "jsonpath={.spec.replicas}{\"\\n\"}");

    /// <summary>Waits until these numbers, and no other between them, were seen.</summary>
    public Task SeesAsync(params int[] expected) => Eventually.TrueAsync(
        () => Task.FromResult(Changes() == string.Join(", ", expected)),
        () => $"the Deployment asked for {string.Join(", ", expected)} pods in turn; it asked for {Changes()}",
        TimeSpan.FromSeconds(30));

    public void Dispose() => _watch.Dispose();

    private string Changes() => string.Join(", ", _watch.Lines.Where((replicas, index) => index == 0 || _watch.Lines[index - 1] != replicas));
}
