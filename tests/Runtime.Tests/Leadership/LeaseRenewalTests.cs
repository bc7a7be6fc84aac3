using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

internal sealed class LeaseRenewalTests : LeadershipTest
{
    [Test]
    public async Task An_API_server_that_is_away_for_less_than_the_deadline_costs_nothing()
    {
        var leader = await StartLeaderAsync();
        var from = leader.Clock.GetUtcNow();
        Server.FailWith(request => request.Plural == "leases" ? new FakeStatus(503, "ServiceUnavailable", "soon") : null);
        await leader.PassUntilAsync(() => leader.Clock.GetUtcNow() - from >= Replica.RenewDeadline / 2);
        Server.Store.Update("widgets", "ns", "w", widget => widget["spec"]!["size"] = 7);
        await Eventually.IsTrueAsync(() => Phase() == "7");

        Server.Heal();

        await leader.PassUntilAsync(() => leader.Runtime.Logs.Count(184) == 1);
        (leader.Leads, leader.IsLost, (int)Spec()["leaseTransitions"]!).Should().Be((true, false, 0));
        leader.Runtime.Logs.Lines.Where(line => line.EventId == 183).Should().ContainSingle().Which.Message.Should().Contain("soon");
    }

    [Test]
    public async Task A_lease_that_somebody_labelled_is_renewed_all_the_same()
    {
        var leader = await StartLeaderAsync();
        Server.Store.Update("leases", "sys", "op", lease => lease["metadata"]!["labels"] = new JsonObject { ["team"] = "a" });

        await RenewedAsync(leader);

        leader.Leads.Should().BeTrue();
        ((string)Lease()["metadata"]!["labels"]!["team"]!, (int)Spec()["leaseTransitions"]!).Should().Be(("a", 0));
    }

    [Test]
    public async Task A_deleted_lease_is_made_again_by_its_leader()
    {
        var leader = await StartLeaderAsync();
        Server.Store.Delete("leases", "sys", "op");

        await leader.PassUntilAsync(() => (string?)Server.Store.Get("leases", "sys", "op")?["spec"]!["holderIdentity"] == "a");

        leader.Leads.Should().BeTrue();
    }

    [Test]
    public async Task A_renewal_whose_answer_was_lost_is_no_other_holder()
    {
        var leader = await StartLeaderAsync();
        var lost = 0;
        Server.FailWith(request =>
        {
            if (request.Method != "PUT" || Interlocked.Increment(ref lost) > 1)
            {
                return null;
            }

            Server.Store.Update("leases", "sys", "op", lease => lease["spec"] = request.Body!["spec"]!.DeepClone());
            return new(504, "Timeout", "late");
        });
        await leader.PassUntilAsync(() => leader.Runtime.Logs.Count(183) == 1);

        await leader.PassUntilAsync(() => leader.Runtime.Logs.Count(184) == 1);

        (leader.Leads, (int)Spec()["leaseTransitions"]!).Should().Be((true, 0));
    }
}
