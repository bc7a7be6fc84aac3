using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

/// <summary>A test of the applier on a server that has its owner, a Widget, and none of the owner's children.</summary>
internal abstract class ApplierTest
{
    protected static readonly ObjectKey Child = new("ns", "c");

    protected FakeTimeProvider Clock { get; private set; } = null!;

    protected FakeApiServer Server { get; private set; } = null!;

    protected TestRuntime Runtime { get; private set; } = null!;

    protected Widget Owner { get; set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Clock = new();
        Server = await FakeApiServer.StartAsync();
        Server.Store.Create("widgets", A.Json(A.Widget()));
        await StartRuntimeAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        await Runtime.DisposeAsync();
        await Server.DisposeAsync();
    }

    protected async Task StartRuntimeAsync()
    {
        Runtime = await TestRuntime.StartAsync(
            Server,
            kubernetes => kubernetes.AddController<DelegateController, Widget>(controller => controller
                .Owns<V1ConfigMap>("managed=yes")
                .Owns<V1Deployment>()
                .Owns<V1Service>(optional: true, standsAlone: true)),
            Clock);
        Owner = Runtime.Get<IObjectStore<Widget>>().Get(new("ns", "w"))!;
        Server.ForgetRequests();
    }

    protected Task<ApplyResult> ApplyAsync(params IKubernetesObject<V1ObjectMeta>[] desired) =>
        Runtime.Get<IObjectApplier>().ApplyAsync(Owner, desired, default).WithinLimit();

    /// <summary>Applies the first version of a child, and waits until the cache has it.</summary>
    protected async Task CreateAsync(V1ConfigMap desired)
    {
        await ApplyAsync(desired);
        await Runtime.CaughtUpAsync<V1ConfigMap>("configmaps", desired.Key());
        Server.ForgetRequests();
    }

    /// <summary>Changes the child behind the applier's back, and waits until the cache has it.</summary>
    protected async Task EditAsync(Action<JsonObject> change)
    {
        Server.Store.Update("configmaps", "ns", "c", change);
        await Runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);
    }

    protected IEnumerable<FakeRequest> ChildRequests() => Server.Requests.Where(request => request.Name.Length > 0);

    protected JsonObject Stored() => Server.Store.Get("configmaps", "ns", "c")!;
}
