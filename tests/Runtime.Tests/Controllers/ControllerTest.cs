using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

/// <summary>A test with a controller of Widgets on a server that is empty at first.</summary>
internal abstract class ControllerTest
{
    /// <summary>The names of the Widgets in the order of their reconciles; a reconcile that the test brings adds them itself.</summary>
    protected ConcurrentQueue<string> Reconciled { get; } = new();

    protected FakeTimeProvider Clock { get; private set; } = null!;

    protected FakeApiServer Server { get; private set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Reconciled.Clear();
        Clock = new();
        Server = await FakeApiServer.StartAsync();
    }

    [TearDown]
    public async Task Stop() => await Server.DisposeAsync();

    /// <summary>Starts the controller, which only notes whom it is given unless there is a <paramref name="reconcile"/>.</summary>
    protected Task<TestRuntime> StartAsync(
        Action<ControllerBuilder<Widget>>? wire = null,
        Func<Widget, CancellationToken, Task<Result>>? reconcile = null,
        Action<KubernetesRuntimeOptions>? configure = null) =>
        TestRuntime.StartAsync(
            Server,
            kubernetes => kubernetes.AddController<DelegateController, Widget>(wire, new DelegateController
            {
                Reconcile = reconcile ?? ((widget, _) =>
                {
                    Reconciled.Enqueue(widget.Metadata.Name);
                    return Task.FromResult(Result.Done);
                }),
            }),
            Clock,
            configure);

    /// <summary>Waits until these were reconciled, in this order, and no other.</summary>
    protected async Task ReconciledAsync(params string[] names)
    {
        await Eventually.IsTrueAsync(() => Reconciled.Count >= names.Length);
        Reconciled.Should().Equal(names);
    }
}
