using System.Collections.Concurrent;
using Slipway.EndToEnd.Tests.Faults.Support;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Faults;

/// <summary>What the operator knows comes by watches; these go wrong.</summary>
[Parallelizable(ParallelScope.All)]
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class WatchTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>Long enough for an answer of a starved machine, so that what hangs is only what was made to.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [TestCase(true, TestName = "A_version_that_is_too_old_leads_to_one_list(said in the stream)")]
    [TestCase(false, TestName = "A_version_that_is_too_old_leads_to_one_list(said as the answer)")]
    public async Task A_version_that_is_too_old_leads_to_one_list(bool inStream)
    {
        await using var cluster = await FaultCluster.StartAsync();
        await cluster.MakeAsync("changed", "untouched");
        var kinds = cluster.Calls.Where(call => call.IsWatch).Select(call => call.Path).Distinct().ToList();
        var expired = new ConcurrentDictionary<string, byte>();
        var before = cluster.Calls.Count;
        cluster.Break((call, context, answer) => (call.IsWatch && expired.TryAdd(call.Path, 0), inStream) switch
        {
            (false, _) => answer(),
            (true, true) => Trouble.ExpireInStreamAsync(context),
            (true, false) => throw Trouble.Refusal(410, "Expired"),
        });

        cluster.DropWatches();
        await cluster.ScaleModelAsync("changed", 2);

        await cluster.ConvergesAsync("changed", replicas: 2);
        await cluster.EventuallyAsync(() => kinds.TrueForAll(kind => cluster.Lists(before).Contains(kind)), "each kind is listed again");
        cluster.Lists(before).Should().OnlyHaveUniqueItems("one list is enough");
        cluster.Writes(before).Where(call => call.IsAbout("untouched")).Should().BeEmpty();
        cluster.Writes(before).Count(call => call.Path.EndsWith("/deployments/changed", StringComparison.Ordinal)).Should().Be(1);
    }

    [Test]
    public async Task A_watch_that_falls_silent_is_opened_again_without_a_list()
    {
        await using var cluster = await FaultCluster.StartAsync(runtime => runtime.WatchIdleTimeout = Idle);
        await cluster.MakeAsync("changed", "untouched");
        var silent = new ConcurrentDictionary<string, byte>();
        cluster.Break((call, context, answer) => call.IsWatch && silent.TryAdd(call.Path, 0) ? Trouble.HangAsync(context) : answer());
        cluster.DropWatches();
        await cluster.EventuallyAsync(() => silent.Keys.Any(path => path.EndsWith("/modeldeployments", StringComparison.Ordinal)), "the new watch is silent");
        var before = cluster.Calls.Count;

        await cluster.ScaleModelAsync("changed", 2);

        await cluster.ConvergesAsync("changed", replicas: 2);
        cluster.Lists(before).Should().BeEmpty();
        cluster.Writes(before).Where(call => call.IsAbout("untouched")).Should().BeEmpty();
    }

    [Test]
    public async Task A_connection_that_goes_dead_without_a_word_is_replaced()
    {
        SilencingProxy? proxy = null;
        await using var cluster = await FaultCluster.StartAsync(
            runtime => (runtime.WatchIdleTimeout, runtime.RequestTimeout) = (Patience, Patience),
            configuration =>
            {
                proxy = SilencingProxy.To(new(configuration.Host));
                configuration.Host = proxy.Address.ToString();
                configuration.FirstMessageHandlerSetup = handler => (handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout) = (Idle, Patience);
            });
        await using var _ = proxy!;
        await cluster.MakeAsync("changed", "untouched");
        var before = cluster.Calls.Count;

        proxy!.SilenceAll();
        await cluster.ScaleModelAsync("changed", 2);

        await cluster.ConvergesAsync("changed", replicas: 2);
        cluster.Writes(before).Where(call => call.IsAbout("untouched")).Should().BeEmpty();
        cluster.Writes(before).Count(call => call.Path.EndsWith("/deployments/changed", StringComparison.Ordinal)).Should().Be(1);
    }
}
