using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

/// <summary>A test with replicas that want one lease, <c>sys/op</c>, and a Widget for the leader to work on.</summary>
internal abstract class LeadershipTest
{
    private readonly List<Replica> _replicas = [];

    protected FakeApiServer Server { get; private set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Server = await FakeApiServer.StartAsync();
        Server.Store.Create("widgets", A.Json(A.Widget()));
    }

    [TearDown]
    public async Task Stop()
    {
        await using var server = Server;
        var replicas = _replicas.ToList();
        _replicas.Clear();
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    /// <summary>Starts the replica "a", and waits until it leads.</summary>
    protected async Task<Replica> StartLeaderAsync(Func<Widget, IStatusWriter, CancellationToken, Task>? reconcile = null)
    {
        var leader = await StartAsync("a", reconcile: reconcile);
        await leader.UntilLeadsAsync();
        return leader;
    }

    protected async Task<Replica> StartAsync(string name, DateTimeOffset? now = null, Func<Widget, IStatusWriter, CancellationToken, Task>? reconcile = null)
    {
        var replica = await Replica.StartAsync(Server, name, now, reconcile);
        _replicas.Add(replica);
        return replica;
    }

    /// <summary>Lets the leader's time pass until it has renewed the lease.</summary>
    protected async Task RenewedAsync(Replica leader)
    {
        var before = (string)Spec()["renewTime"]!;
        await leader.PassUntilAsync(() => (string)Spec()["renewTime"]! != before);
    }

    protected IEnumerable<FakeRequest> Writes(string replica) => Server.Writes.Where(request => request.Query.GetValueOrDefault("fieldManager") == replica);

    protected JsonObject Lease() => Server.Store.Get("leases", "sys", "op")!;

    protected JsonObject Spec() => Lease()["spec"]!.AsObject();

    protected string? Phase() => (string?)Server.Store.Get("widgets", "ns", "w")!["status"]?["phase"];
}
