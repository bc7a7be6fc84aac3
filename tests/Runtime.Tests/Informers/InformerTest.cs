using System.Collections.Concurrent;
using k8s.Models;

namespace Slipway.Runtime.Tests;

/// <summary>A test of an informer on a server that is empty at first.</summary>
internal abstract class InformerTest
{
    protected FakeApiServer Server { get; private set; } = null!;

    [SetUp]
    public async Task StartServer() => Server = await FakeApiServer.StartAsync();

    [TearDown]
    public async Task StopServer() => await Server.DisposeAsync();

    /// <summary>Starts an informer of pods.</summary>
    protected Task<TestRuntime> StartAsync(TimeProvider? clock = null, Action<KubernetesRuntimeOptions>? configure = null, bool sync = true) =>
        TestRuntime.StartAsync(Server, kubernetes => kubernetes.AddInformer<V1Pod>(), clock, configure, sync);

    /// <summary>What the informer tells of pods from now on.</summary>
    protected static ConcurrentQueue<InformerEvent<V1Pod>> Record(TestRuntime runtime)
    {
        var seen = new ConcurrentQueue<InformerEvent<V1Pod>>();
        runtime.Get<Informer<V1Pod>>().Subscribe(seen.Enqueue);
        return seen;
    }
}
