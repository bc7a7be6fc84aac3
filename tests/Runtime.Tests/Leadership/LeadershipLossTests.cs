namespace Slipway.Runtime.Tests;

internal sealed class LeadershipLossTests : LeadershipTest
{
    [Test]
    public async Task A_leader_that_was_paused_past_its_lease_writes_nothing_when_it_goes_on()
    {
        var resumed = new TaskCompletionSource();
        var refusal = new TaskCompletionSource<Exception?>();
        var paused = await StartLeaderAsync(async (widget, writer, _) =>
        {
            if (widget.Spec!.Size == 2)
            {
                await resumed.Task;
                refusal.TrySetResult(await FaultOfAsync(() => writer.WriteAsync(widget, new WidgetStatus { Phase = "stale" }, CancellationToken.None)));
            }
        });
        var next = await StartAsync("b");
        // The leader is amid this reconcile when it is paused: its clock, and with it its renewals, stand still.
        Server.Store.Update("widgets", "ns", "w", widget => widget["spec"]!["size"] = 2);
        await next.PassUntilAsync(() => next.Leads);
        await Eventually.IsTrueAsync(() => Phase() == "2");
        paused.ExpectLoss();
        var before = Writes("a").Count();

        paused.Clock.Advance(Replica.LeaseDuration * 2);
        resumed.SetResult();
        paused.Runtime.Get<IEventRecorder>().Warning(A.Widget(), "Stale", "It was paused.");

        (await refusal.Task.WithinLimit()).Should().BeOfType<NotLeaderException>().Which.Message.Should().Contain("PATCH").And.Contain("was not sent");
        await Eventually.IsTrueAsync(() => paused.IsLost && paused.IsStopping);
        await paused.Runtime.StopAsync();
        Writes("a").Should().HaveCount(before);
        paused.Runtime.Logs.Lines.Should().ContainSingle(line => line.EventId == 160).Which.Message.Should().Contain("was not sent");
        (Phase(), (string?)Spec()["holderIdentity"], next.Leads, paused.Leads).Should().Be(("2", "b", true, false));
    }

    [Test]
    public async Task A_pause_that_ends_before_the_lease_but_after_the_deadline_ends_the_leadership_too()
    {
        var leader = await StartLeaderAsync();
        leader.ExpectLoss();
        // What it may write as the leader is written.
        await Eventually.IsTrueAsync(() => Phase() == "1" && Server.Store.List("events", "", "").Count == 1);
        Server.ForgetRequests();

        leader.Clock.Advance(Replica.RenewDeadline);
        var write = () => Replica.CopyAsync(A.Widget(size: 2), leader.Runtime.Get<IStatusWriter>(), CancellationToken.None);

        await write.Should().ThrowAsync<NotLeaderException>();
        await Eventually.IsTrueAsync(() => leader.IsLost);
        await leader.Runtime.StopAsync();
        Writes("a").Should().BeEmpty();
    }

    [Test]
    public async Task An_API_server_that_is_away_for_longer_ends_the_leadership_at_the_deadline()
    {
        var leader = await StartLeaderAsync();
        leader.ExpectLoss();
        var from = leader.Clock.GetUtcNow();
        Server.FailWith(request => request.Plural == "leases" ? new FakeStatus(503, "ServiceUnavailable", "soon") : null);

        await leader.PassUntilAsync(() => leader.IsLost && leader.IsStopping);

        (leader.Clock.GetUtcNow() - from).Should().BeGreaterThanOrEqualTo(Replica.RenewDeadline);
        leader.Leads.Should().BeFalse();
        leader.Runtime.Logs.Lines.Single(line => line.EventId == 185).Message.Should().Contain("sys/op is lost").And.Contain("not renewed within 00:01:00");
        Server.Heal();
        Server.ForgetRequests();
        await leader.Runtime.StopAsync();
        Server.Writes.Should().BeEmpty("what is lost is not released");
    }

    [Test]
    public async Task A_lease_that_another_one_holds_is_lost_at_the_next_renewal()
    {
        var leader = await StartLeaderAsync();
        leader.ExpectLoss();
        Server.Store.Update("leases", "sys", "op", lease => lease["spec"]!["holderIdentity"] = "usurper");

        await leader.PassUntilAsync(() => leader.IsLost);

        leader.Runtime.Logs.Lines.Single(line => line.EventId == 185).Message.Should().Contain("usurper took it");
        ((string)Spec()["holderIdentity"]!).Should().Be("usurper");
    }

    private static async Task<Exception?> FaultOfAsync(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
