using Slipway.EndToEnd.Tests.Faults.Support;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Faults;

[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class ClockTests
{
    [TestCase(1, TestName = "A_wall_clock_that_jumps_changes_nothing(an hour forward)")]
    [TestCase(-1, TestName = "A_wall_clock_that_jumps_changes_nothing(an hour back)")]
    [Parallelizable(ParallelScope.All)]
    public async Task A_wall_clock_that_jumps_changes_nothing(int hours)
    {
        await using var cluster = await FaultCluster.StartAsync();
        await cluster.MakeAsync("changed", "untouched");
        var holder = (await cluster.LeaseAsync()).Spec.HolderIdentity;
        var (conditions, events) = ((await cluster.ModelAsync("untouched")).Status!.Conditions, (await cluster.EventsAsync("untouched")).Count);
        var before = cluster.Calls.Count;

        cluster.Clock.Jump(TimeSpan.FromHours(hours));
        await cluster.TouchModelAsync("untouched", "Look again.");
        await cluster.ScaleModelAsync("changed", 2);

        await cluster.ConvergesAsync("changed", replicas: 2);
        await cluster.EventuallyAsync(() => cluster.Calls.Skip(before).Count(call => call.IsLease && call.Code == 200) >= 2, "the lease is renewed, more than once");
        var lease = (await cluster.LeaseAsync()).Spec;
        (lease.HolderIdentity, lease.LeaseTransitions).Should().Be((holder, 0));
        cluster.Writes(before).Where(call => call.IsAbout("untouched")).Should().BeEmpty();
        (await cluster.ModelAsync("untouched")).Status!.Conditions.Should().BeEquivalentTo(conditions, "a condition that did not change keeps its time");
        (await cluster.EventsAsync("untouched")).Should().HaveCount(events);
    }
}
