using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

internal sealed class LeaderElectionTests : LeadershipTest
{
    [Test]
    public async Task The_first_candidate_makes_the_lease_and_says_so()
    {
        await StartLeaderAsync();

        await Eventually.IsTrueAsync(() => Server.Store.List("events", "", "").Count == 1);
        var told = Server.Store.List("events", "", "")[0];
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
    public async Task An_abandoned_lease_is_taken_after_its_duration_and_not_before()
    {
        var leader = await StartLeaderAsync();
        var standby = await StartAsync("b");
        await Eventually.IsTrueAsync(() => standby.Runtime.Logs.Count(181) == 1);
        var from = standby.Clock.GetUtcNow();

        await standby.PassUntilAsync(() => standby.Leads);

        (standby.Clock.GetUtcNow() - from).Should().BeGreaterThanOrEqualTo(Replica.LeaseDuration);
        await Eventually.IsTrueAsync(() => (string?)Spec()["holderIdentity"] == "b");
        leader.ExpectLoss();
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
    public async Task A_label_is_no_sign_of_life_of_the_holder()
    {
        var leader = await StartLeaderAsync();
        leader.ExpectLoss();
        var standby = await StartAsync("b");
        await Eventually.IsTrueAsync(() => standby.Runtime.Logs.Count(181) == 1);
        var from = standby.Clock.GetUtcNow();
        await standby.PassUntilAsync(() => standby.Clock.GetUtcNow() - from > Replica.LeaseDuration / 2);

        Server.Store.Update("leases", "sys", "op", lease => lease["metadata"]!["labels"] = new JsonObject { ["team"] = "a" });

        await standby.PassUntilAsync(() => standby.Leads);
        (standby.Clock.GetUtcNow() - from).Should().BeLessThan(Replica.LeaseDuration * 1.4);
    }

    [Test]
    public async Task Of_two_that_make_the_lease_at_once_the_later_one_stands_by()
    {
        Server.FailWith(request =>
        {
            if (request is { Method: "POST", Plural: "leases" } && Server.Store.Get("leases", "sys", "op") is null)
            {
                Server.Store.Create("leases", LeaseSpec.New(new("sys", "op"), "faster", Replica.LeaseDuration, DateTimeOffset.UnixEpoch));
            }

            return null;
        });
        var slower = await StartAsync("b");

        await slower.PassUntilAsync(() => slower.Runtime.Logs.Count(181) == 1);

        slower.Leads.Should().BeFalse();
        ((string)Spec()["holderIdentity"]!).Should().Be("faster");
        slower.Runtime.Logs.Count(183).Should().Be(0, "to be second is no trouble");
    }

    /// <summary>A leader does not read the lease, so these are the standby's.</summary>
    private int Reads() => Server.Requests.Count(request => request is { Method: "GET", Plural: "leases" });
}
