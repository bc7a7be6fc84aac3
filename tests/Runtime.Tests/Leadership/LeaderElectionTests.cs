using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

internal sealed class LeaderElectionTests
{
    private readonly List<Replica> _replicas = [];
    private FakeApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await FakeApiServer.StartAsync();
        _server.Store.Create("widgets", A.Json(A.Widget()));
    }

    [TearDown]
    public async Task Stop()
    {
        await using var server = _server;
        var replicas = _replicas.ToList();
        _replicas.Clear();
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Test]
    public async Task The_first_candidate_makes_the_lease_and_says_so()
    {
        await StartLeaderAsync();

        await Eventually.IsTrueAsync(() => _server.Store.List("events", "", "").Count == 1);
        var told = _server.Store.List("events", "", "")[0];
        ((string)told["reason"]!, (string)told["message"]!, (string)told["type"]!).Should().Be(("LeaderElection", "a became leader", "Normal"));
        ((string)told["involvedObject"]!["kind"]!, (string)told["involvedObject"]!["name"]!, (string)told["involvedObject"]!["namespace"]!).Should().Be(("Lease", "op", "sys"));
        Spec().ToJsonString().Should().Be(
            """{"holderIdentity":"a","leaseDurationSeconds":90,"acquireTime":"2026-01-02T03:04:05.000000Z","renewTime":"2026-01-02T03:04:05.000000Z","leaseTransitions":0}""");
    }

    [Test]
    public async Task A_standby_fills_its_cache_and_changes_nothing()
    {
        var leader = await StartLeaderAsync();
        var standby = await StartAsync("b");

        await Eventually.IsTrueAsync(() => standby.Runtime.Logs.Count(181) == 1);
        var reads = Reads();
        await standby.PassUntilAsync(() => Reads() > reads + 2);

        standby.Runtime.Get<IObjectStore<Widget>>().List().Should().ContainSingle();
        (leader.Leads, standby.Leads).Should().Be((true, false));
        Writes("b").Should().BeEmpty();
        standby.Runtime.Logs.Lines.Where(line => line.EventId == 181).Should().ContainSingle().Which.Message.Should().Contain("held by a");
    }

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
    public async Task An_abandoned_lease_is_taken_after_its_duration_and_not_before()
    {
        await StartLeaderAsync();
        var standby = await StartAsync("b");
        await Eventually.IsTrueAsync(() => standby.Runtime.Logs.Count(181) == 1);
        var from = standby.Clock.GetUtcNow();

        await standby.PassUntilAsync(() => standby.Leads);

        (standby.Clock.GetUtcNow() - from).Should().BeGreaterThanOrEqualTo(Replica.LeaseDuration);
        await Eventually.IsTrueAsync(() => (string?)Spec()["holderIdentity"] == "b");
        _replicas[0].ExpectLoss();
    }

    [TestCase(-3650)]
    [TestCase(3650)]
    public async Task Clocks_that_differ_by_years_change_nothing(int days)
    {
        var leader = await StartLeaderAsync();
        var standby = await StartAsync("b", leader.Clock.GetUtcNow().AddDays(days));
        await Eventually.IsTrueAsync(() => standby.Runtime.Logs.Count(181) == 1);

        for (var from = standby.Clock.GetUtcNow(); standby.Clock.GetUtcNow() - from < 2 * Replica.LeaseDuration;)
        {
            await RenewedAsync(leader);
            var reads = Reads();
            await standby.PassUntilAsync(() => Reads() > reads, secondsAtOnce: 20);
        }

        (leader.Leads, standby.Leads).Should().Be((true, false));
        ((int)Spec()["leaseTransitions"]!).Should().Be(0);
    }

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
        _server.Store.Update("widgets", "ns", "w", widget => widget["spec"]!["size"] = 2);
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
        _server.ForgetRequests();

        leader.Clock.Advance(Replica.RenewDeadline);
        var write = () => Replica.CopyAsync(A.Widget(size: 2), leader.Runtime.Get<IStatusWriter>(), CancellationToken.None);

        await write.Should().ThrowAsync<NotLeaderException>();
        await Eventually.IsTrueAsync(() => leader.IsLost);
        await leader.Runtime.StopAsync();
        Writes("a").Should().BeEmpty();
    }

    [Test]
    public async Task An_API_server_that_is_away_for_less_than_the_deadline_costs_nothing()
    {
        var leader = await StartLeaderAsync();
        var from = leader.Clock.GetUtcNow();
        _server.FailWith(request => request.Plural == "leases" ? new FakeStatus(503, "ServiceUnavailable", "soon") : null);
        await leader.PassUntilAsync(() => leader.Clock.GetUtcNow() - from >= Replica.RenewDeadline / 2);
        _server.Store.Update("widgets", "ns", "w", widget => widget["spec"]!["size"] = 7);
        await Eventually.IsTrueAsync(() => Phase() == "7");

        _server.Heal();

        await leader.PassUntilAsync(() => leader.Runtime.Logs.Count(184) == 1);
        (leader.Leads, leader.IsLost, (int)Spec()["leaseTransitions"]!).Should().Be((true, false, 0));
        leader.Runtime.Logs.Lines.Where(line => line.EventId == 183).Should().ContainSingle().Which.Message.Should().Contain("soon");
    }

    [Test]
    public async Task An_API_server_that_is_away_for_longer_ends_the_leadership_at_the_deadline()
    {
        var leader = await StartLeaderAsync();
        leader.ExpectLoss();
        var from = leader.Clock.GetUtcNow();
        _server.FailWith(request => request.Plural == "leases" ? new FakeStatus(503, "ServiceUnavailable", "soon") : null);

        await leader.PassUntilAsync(() => leader.IsLost && leader.IsStopping);

        (leader.Clock.GetUtcNow() - from).Should().BeGreaterThanOrEqualTo(Replica.RenewDeadline);
        leader.Leads.Should().BeFalse();
        leader.Runtime.Logs.Lines.Single(line => line.EventId == 185).Message.Should().Contain("sys/op is lost").And.Contain("not renewed within 00:01:00");
        _server.Heal();
        _server.ForgetRequests();
        await leader.Runtime.StopAsync();
        _server.Writes.Should().BeEmpty("what is lost is not released");
    }

    [Test]
    public async Task A_lease_that_somebody_labelled_is_renewed_all_the_same()
    {
        var leader = await StartLeaderAsync();
        _server.Store.Update("leases", "sys", "op", lease => lease["metadata"]!["labels"] = new JsonObject { ["team"] = "a" });

        await RenewedAsync(leader);

        leader.Leads.Should().BeTrue();
        ((string)Lease()["metadata"]!["labels"]!["team"]!, (int)Spec()["leaseTransitions"]!).Should().Be(("a", 0));
    }

    [Test]
    public async Task A_label_is_no_sign_of_life_of_the_holder()
    {
        await StartLeaderAsync();
        _replicas[0].ExpectLoss();
        var standby = await StartAsync("b");
        await Eventually.IsTrueAsync(() => standby.Runtime.Logs.Count(181) == 1);
        var from = standby.Clock.GetUtcNow();
        await standby.PassUntilAsync(() => standby.Clock.GetUtcNow() - from > Replica.LeaseDuration / 2);

        _server.Store.Update("leases", "sys", "op", lease => lease["metadata"]!["labels"] = new JsonObject { ["team"] = "a" });

        await standby.PassUntilAsync(() => standby.Leads);
        (standby.Clock.GetUtcNow() - from).Should().BeLessThan(Replica.LeaseDuration * 1.4);
    }

    [Test]
    public async Task A_lease_that_another_one_holds_is_lost_at_the_next_renewal()
    {
        var leader = await StartLeaderAsync();
        leader.ExpectLoss();
        _server.Store.Update("leases", "sys", "op", lease => lease["spec"]!["holderIdentity"] = "usurper");

        await leader.PassUntilAsync(() => leader.IsLost);

        leader.Runtime.Logs.Lines.Single(line => line.EventId == 185).Message.Should().Contain("usurper took it");
        ((string)Spec()["holderIdentity"]!).Should().Be("usurper");
    }

    [Test]
    public async Task A_deleted_lease_is_made_again_by_its_leader()
    {
        var leader = await StartLeaderAsync();
        _server.Store.Delete("leases", "sys", "op");

        await leader.PassUntilAsync(() => (string?)_server.Store.Get("leases", "sys", "op")?["spec"]!["holderIdentity"] == "a");

        leader.Leads.Should().BeTrue();
    }

    [Test]
    public async Task A_renewal_whose_answer_was_lost_is_no_other_holder()
    {
        var leader = await StartLeaderAsync();
        var lost = 0;
        _server.FailWith(request =>
        {
            if (request.Method != "PUT" || Interlocked.Increment(ref lost) > 1)
            {
                return null;
            }

            _server.Store.Update("leases", "sys", "op", lease => lease["spec"] = request.Body!["spec"]!.DeepClone());
            return new(504, "Timeout", "late");
        });
        await leader.PassUntilAsync(() => leader.Runtime.Logs.Count(183) == 1);

        await leader.PassUntilAsync(() => leader.Runtime.Logs.Count(184) == 1);

        (leader.Leads, (int)Spec()["leaseTransitions"]!).Should().Be((true, 0));
    }

    [Test]
    public async Task Of_two_that_make_the_lease_at_once_the_later_one_stands_by()
    {
        _server.FailWith(request =>
        {
            if (request is { Method: "POST", Plural: "leases" } && _server.Store.Get("leases", "sys", "op") is null)
            {
                _server.Store.Create("leases", LeaseSpec.New(new("sys", "op"), "faster", Replica.LeaseDuration, DateTimeOffset.UnixEpoch));
            }

            return null;
        });
        var slower = await StartAsync("b");

        await slower.PassUntilAsync(() => slower.Runtime.Logs.Count(181) == 1);

        slower.Leads.Should().BeFalse();
        ((string)Spec()["holderIdentity"]!).Should().Be("faster");
        slower.Runtime.Logs.Count(183).Should().Be(0, "to be second is no trouble");
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
        _server.FailWith(request => request.Method == "PUT" ? new FakeStatus(500, "InternalError", "no disk") : null);

        await leader.Runtime.StopAsync();

        leader.Runtime.Logs.Lines.Single(line => line.EventId == 187).Message.Should().Contain("after 00:01:30").And.Contain("no disk");
        leader.Leads.Should().BeFalse();
    }

    private async Task<Replica> StartLeaderAsync(Func<Widget, IStatusWriter, CancellationToken, Task>? reconcile = null)
    {
        var leader = await StartAsync("a", reconcile: reconcile);
        await leader.UntilLeadsAsync();
        return leader;
    }

    private async Task<Replica> StartAsync(string name, DateTimeOffset? now = null, Func<Widget, IStatusWriter, CancellationToken, Task>? reconcile = null)
    {
        var replica = await Replica.StartAsync(_server, name, now, reconcile);
        _replicas.Add(replica);
        return replica;
    }

    private async Task RenewedAsync(Replica leader)
    {
        var before = (string)Spec()["renewTime"]!;
        await leader.PassUntilAsync(() => (string)Spec()["renewTime"]! != before);
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

    private IEnumerable<FakeRequest> Writes(string replica) => _server.Writes.Where(request => request.Query.GetValueOrDefault("fieldManager") == replica);

    /// <summary>A leader does not read the lease, so these are the standby's.</summary>
    private int Reads() => _server.Requests.Count(request => request is { Method: "GET", Plural: "leases" });

    private JsonObject Lease() => _server.Store.Get("leases", "sys", "op")!;

    private JsonObject Spec() => Lease()["spec"]!.AsObject();

    private string? Phase() => (string?)_server.Store.Get("widgets", "ns", "w")!["status"]?["phase"];
}
