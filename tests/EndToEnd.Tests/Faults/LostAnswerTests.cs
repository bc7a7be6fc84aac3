using System.Collections.Concurrent;
using k8s;
using Slipway.EndToEnd.Tests.Faults.Support;

namespace Slipway.EndToEnd.Tests.Faults;

[Parallelizable(ParallelScope.All)]
internal sealed class LostAnswerTests
{
    [Test]
    public async Task A_write_that_was_carried_out_though_its_answer_was_lost_is_not_made_twice()
    {
        await using var cluster = await FaultCluster.StartAsync();
        var lost = new ConcurrentDictionary<string, byte>();
        cluster.Break((call, context, answer) => call.IsWrite && !call.IsLease && lost.TryAdd(call.Path, 0) ? Trouble.LoseAnswerAsync(context, answer) : answer());

        await cluster.MakeAsync("changed");
        await FaultCluster.EventuallyAsync(() => cluster.Writes(from: 0).Any(call => IsEvent(call) && call.Code == 409), "an event is sent again, and found to be there");

        lost.Should().HaveCountGreaterThan(6, "the answers about each child, the status and the event were lost");
        var writes = cluster.Writes(from: 0).Where(call => call.Code is >= 200 and < 300).ToList();
        writes.Where(call => !IsEvent(call) && !call.Path.EndsWith("/status", StringComparison.Ordinal)).Select(call => call.Path).Should().OnlyHaveUniqueItems("what is there is not written again");
        var events = await cluster.EventsAsync("changed");
        events.Select(told => told.Message).Should().OnlyHaveUniqueItems();
        events.Should().OnlyContain(told => told.Count == 1);
        (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("changed", FaultCluster.Namespace)).Metadata.Generation.Should().Be(1);
    }

    private static bool IsEvent(OperatorCall call) => call.Path.EndsWith("/events", StringComparison.Ordinal);
}
