namespace Slipway.Runtime.Tests;

internal sealed class LeaseReleaseTests : LeadershipTest
{
    [Test]
    public async Task A_stopped_leader_releases_the_lease_last_and_another_takes_it_at_once()
    {
        var leader = await StartLeaderAsync();
        var standby = await StartAsync("b");
        await Eventually.IsTrueAsync(() => standby.Runtime.Logs.Count(181) == 1);
        var from = standby.Clock.GetUtcNow();
        leader.Runtime.Get<IEventRecorder>().Normal(A.Widget(), "Last", "It goes.");

        await leader.Runtime.StopAsync();

        Spec().ToJsonString().Should().Contain("\"holderIdentity\":\"\",\"leaseDurationSeconds\":1,");
        Writes("a").Last().Should().Match<FakeRequest>(request => request.Method == "PUT" && request.Plural == "leases");
        Writes("a").Should().Contain(request => request.Plural == "events" && (string)request.Body!["reason"]! == "Last");
        await standby.PassUntilAsync(() => standby.Leads);
        (standby.Clock.GetUtcNow() - from).Should().BeLessThan(Replica.LeaseDuration);
        ((string)Spec()["holderIdentity"]!, (int)Spec()["leaseTransitions"]!).Should().Be(("b", 1));
        leader.IsLost.Should().BeFalse();
    }

    [Test]
    public async Task The_lease_is_renewed_until_the_last_reconcile_of_a_stop_has_ended()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var leader = await StartLeaderAsync(async (widget, writer, cancellationToken) =>
        {
            begun.TrySetResult();
            await goOn.Task;
            await Replica.CopyAsync(widget, writer, cancellationToken);
        });
        await begun.Task.WithinLimit();

        var stopped = leader.Runtime.StopAsync();
        await RenewedAsync(leader);
        goOn.SetResult();

        await stopped;
        (Phase(), (string?)Spec()["holderIdentity"]).Should().Be(("1", ""));
    }

    [Test]
    public async Task A_stopped_standby_leaves_the_lease_to_its_holder()
    {
        await StartLeaderAsync();
        var standby = await StartAsync("b");
        await Eventually.IsTrueAsync(() => standby.Runtime.Logs.Count(181) == 1);

        await standby.Runtime.StopAsync();

        Writes("b").Should().BeEmpty();
        ((string)Spec()["holderIdentity"]!).Should().Be("a");
    }

    [Test]
    public async Task A_lease_that_cannot_be_released_is_told()
    {
        var leader = await StartLeaderAsync();
        Server.FailWith(request => request.Method == "PUT" ? new FakeStatus(500, "InternalError", "no disk") : null);

        await leader.Runtime.StopAsync();

        leader.Runtime.Logs.Lines.Single(line => line.EventId == 187).Message.Should().Contain("after 00:01:30").And.Contain("no disk");
        leader.Leads.Should().BeFalse();
    }
}
