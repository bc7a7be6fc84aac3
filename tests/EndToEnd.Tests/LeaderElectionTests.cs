using System.Collections.Concurrent;
using Slipway.DevCluster;
using Slipway.DevCluster.ApiServer.Http;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>
/// Two operator processes and an API server of their own. Each wants another server image in the pods, so that whoever may write leaves its
/// mark, and one that wrote out of turn would undo the other's.
/// </summary>
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class LeaderElectionTests
{
    private const string LeaseNamespace = AllAsked.LeaseNamespace;
    private const string Image = "{.spec.template.spec.containers[0].image}";
    private const string Holder = "{.spec.holderIdentity}";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<ObservedRequest> _requests = new();
    private Cluster _cluster = null!;
    private Kubectl _kubectl = null!;
    private Kubectl _leases = null!;

    [SetUp]
    public async Task StartCluster()
    {
        using var limit = new CancellationTokenSource(Limit);
        _cluster = await Cluster.StartAsync(new() { WithNode = false, Operator = null }, limit.Token);
        _requests.Clear();
        _cluster.ApiServer.RequestObserved += _requests.Enqueue;
        AllAsked.Collect(_cluster);
        (_kubectl, _leases) = (new(_cluster.KubeconfigPath, "default"), new(_cluster.KubeconfigPath, LeaseNamespace));
        await _kubectl.DefineAsync();
        await _kubectl.RunAsync("create", "namespace", LeaseNamespace);
    }

    [TearDown]
    public async Task StopCluster() => await _cluster.DisposeAsync();

    [Test, Category("Long")]
    public async Task A_leader_that_is_paused_past_its_lease_ends_without_a_write_and_another_goes_on()
    {
        using var paused = await StartLeaderAsync("example.com/server:a");
        using var next = Start("example.com/server:b");
        await next.PrintedAsync("standing by", Limit);
        await _kubectl.ApplyAsync(Manifest.Of());
        await ImageIsAsync("example.com/server:a");

        await paused.SignalAsync("STOP");
        await next.PrintedAsync("leads", Limit);
        await ImageIsAsync("example.com/server:b");
        await AtRestAsync();
        var (generation, before) = (await _kubectl.GetAsync("deploy/fraud-detector", "{.metadata.generation}"), _requests.Count);
        await paused.SignalAsync("CONT");

        (await paused.ExitCodeAsync(Limit)).Should().Be(1, paused.Output);
        paused.Output.Should().NotContain("Unhandled");
        paused.Output.Should().Contain("is lost: it was not renewed within 00:00:10");
        await AtRestAsync();
        Writes(from: before).Should().BeEmpty("the other one is at rest, and renews its lease alone");
        (await _kubectl.GetAsync("deploy/fraud-detector", "{.metadata.generation}")).Should().Be(generation);
        next.HasExited.Should().BeFalse();
        await _kubectl.RunAsync("scale", "md/fraud-detector", "--replicas=3");
        await _kubectl.RunAsync("wait", "--for=jsonpath={.spec.replicas}=3", "deploy/fraud-detector", "--timeout=60s");
        await ImageIsAsync("example.com/server:b");
    }

    [Test]
    public async Task A_leader_that_is_told_to_stop_hands_over_at_once()
    {
        using var leader = await StartLeaderAsync("example.com/server:a");
        using var next = Start("example.com/server:b");
        await next.PrintedAsync("standing by", Limit);
        await _kubectl.ApplyAsync(Manifest.Of());
        await ImageIsAsync("example.com/server:a");
        var first = await _leases.GetAsync("lease/slipway-operator", Holder);

        await leader.SignalAsync("TERM");

        (await leader.ExitCodeAsync(Limit)).Should().Be(0, leader.Output);
        leader.Output.Should().Contain("is released");
        await next.PrintedAsync("leads", Limit);
        await ImageIsAsync("example.com/server:b");
        (await _leases.GetAsync("lease/slipway-operator", Holder)).Should().NotBe(first).And.StartWith(Environment.MachineName);
        (await _leases.RunAsync("get", "events", "--field-selector=reason=LeaderElection", "-o", "jsonpath={.items[*].message}"))
            .Should().Contain($"{first} became leader");
    }

    private async Task<OperatorProcess> StartLeaderAsync(string image)
    {
        var leader = Start(image);
        await leader.PrintedAsync("leads", Limit);
        return leader;
    }

    private OperatorProcess Start(string image) =>
        new(_cluster.KubeconfigPath, [], "--server-image", image, "--leader-elect", "--leader-election-namespace", LeaseNamespace);

    private Task ImageIsAsync(string image) => Eventually.TrueAsync(
        async () => (await _kubectl.TryAsync("get", "deploy/fraud-detector", "-o", $"jsonpath={Image}")).Output == image, $"the Deployment has {image}", Limit);

    /// <summary>Waits until nothing was written during fifteen looks, three seconds.</summary>
    private async Task AtRestAsync()
    {
        var (writes, looks) = (-1, 0);
        await Eventually.TrueAsync(
            () =>
            {
                var now = Writes(from: 0).Count();
                (writes, looks) = (now, now == writes ? looks + 1 : 0);
                return Task.FromResult(looks >= 15);
            },
            "the operators are at rest",
            Limit);
    }

    /// <summary>What the operators changed, or tried to, other than a lease that was renewed by its holder.</summary>
    private IEnumerable<string> Writes(int from) => _requests.Skip(from)
        .Where(request => request.UserAgent.StartsWith("slipway-operator", StringComparison.Ordinal) && request.Verb != "GET")
        .Where(request => !(request.Path.Contains("/leases/", StringComparison.Ordinal) && request.Code == 200))
        .Select(request => $"{request.Verb} {request.Path} {request.Code}");
}
