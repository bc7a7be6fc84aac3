using System.Collections.Concurrent;
using k8s;
using Slipway.EndToEnd.Tests.Faults.Support;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Faults;

/// <summary>Writes are carried out, and the connection breaks before the operator learns of it.</summary>
[Parallelizable(ParallelScope.All)]
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class LostAnswerTests
{
    [Test]
    public async Task A_child_and_a_status_whose_answers_were_lost_are_not_written_twice()
    {
        await using var cluster = await FaultCluster.StartAsync();
        var lost = Lose(cluster, call => !IsEvent(call));

        await cluster.CreateModelAsync("changed");
        await cluster.ConvergesAsync("changed");

        lost.Should().HaveCountGreaterThan(6, "the answers about each child and about the status were lost");
        var writes = cluster.Writes(from: 0).Where(call => call.Code is >= 200 and < 300 && !IsEvent(call)).ToList();
        writes.Where(call => !IsStatus(call)).Select(call => call.Path).Should().OnlyHaveUniqueItems("what is there is not written again");
        writes.Should().HaveCountLessThan(12, "the status takes a few steps");
        (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("changed", FaultCluster.Namespace)).Metadata.Generation.Should().Be(1);
    }

    [Test]
    public async Task A_transition_is_told_though_no_answer_about_status_arrives()
    {
        await using var cluster = await FaultCluster.StartAsync();
        cluster.Break((call, context, answer) => IsStatus(call) ? Trouble.LoseAnswerAsync(context, answer) : answer());

        await cluster.CreateModelAsync("changed");
        await cluster.ConvergesAsync("changed");

        await cluster.EventuallyAsync(
            async () => (await cluster.EventsAsync("changed")).Any(told => told.Reason == "Unschedulable"), () => "the transition is told");
        (await cluster.EventsAsync("changed")).Should().OnlyContain(told => told.Count == 1, "and each of them once");
    }

    [Test]
    public async Task An_event_whose_answer_was_lost_is_not_told_twice()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await cluster.MakeAsync("changed");
        var lost = Lose(cluster, IsEvent);

        await cluster.ScaleModelAsync("changed", 2);
        await cluster.ConvergesAsync("changed", replicas: 2);

        await cluster.EventuallyAsync(() => cluster.Calls.Any(call => IsEvent(call) && call.Code == 409), "the event is sent again, and found to be there");
        lost.Should().NotBeEmpty();
        (await cluster.EventsAsync("changed")).Select(told => (told.Message, told.FirstTimestamp)).Should().OnlyHaveUniqueItems();
    }

    /// <summary>Loses the first answer to each write that is meant; the paths of those are returned, and grow.</summary>
    private static ConcurrentDictionary<string, byte> Lose(FaultCluster cluster, Func<OperatorCall, bool> which)
    {
        var lost = new ConcurrentDictionary<string, byte>();
        cluster.Break((call, context, answer) =>
            call.IsWrite && !call.IsLease && which(call) && lost.TryAdd(call.Path, 0) ? Trouble.LoseAnswerAsync(context, answer) : answer());
        return lost;
    }

    private static bool IsStatus(OperatorCall call) => call.Path.EndsWith("/status", StringComparison.Ordinal);

    private static bool IsEvent(OperatorCall call) => call.Path.Contains("/events", StringComparison.Ordinal);
}
