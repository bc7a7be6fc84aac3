using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class ObjectApplierTests : ApplierTest
{
    private const string Hash = "tester/applied-hash";

    [Test]
    public async Task A_child_that_is_not_there_is_looked_for_once_and_created_with_its_owner_and_hash()
    {
        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        (result.Written, result.Pruned, result.Problems.Count).Should().Be((1, 0, 0));
        var requests = Server.Requests.Where(request => request.Name == "c").ToList();
        requests.Select(request => request.Method).Should().Equal("GET", "PATCH");
        requests[1].ContentType.Should().Be("application/apply-patch+yaml");
        requests[1].Query.Should().Contain("fieldManager", "tester").And.Contain("force", "true").And.NotContainKey("dryRun");
        var stored = Stored();
        stored["data"]!["a"]!.GetValue<string>().Should().Be("1");
        stored["metadata"]!["annotations"]![Hash]!.GetValue<string>().Should().HaveLength(32);
        var reference = stored["metadata"]!["ownerReferences"]![0]!;
        ((string)reference["uid"]!, (string)reference["kind"]!, (bool)reference["controller"]!, (bool)reference["blockOwnerDeletion"]!)
            .Should().Be((Owner.Metadata.Uid, "Widget", true, true));
    }

    [Test]
    public async Task What_is_sent_has_no_null_and_no_field_of_the_server()
    {
        var child = A.ConfigMap(data: ("a", "1"));
        child.Metadata.Uid = "mine";
        child.Metadata.CreationTimestamp = DateTime.UnixEpoch;

        await ApplyAsync(child);

        var body = Server.Writes.Single().Body!;
        body.ToJsonString().Should().NotContain("null");
        body["metadata"]!.AsObject().Select(field => field.Key).Should().BeEquivalentTo("name", "namespace", "labels", "ownerReferences", "annotations");
    }

    [Test]
    public async Task A_second_apply_right_after_the_first_sends_nothing_though_the_cache_lags()
    {
        await ApplyAsync(A.ConfigMap(data: ("a", "1")));
        Server.ForgetRequests();

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        result.Written.Should().Be(0);
        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task An_apply_once_the_cache_has_caught_up_sends_nothing()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));

        await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task Nothing_is_put_back_for_an_owner_that_is_being_deleted()
    {
        Owner = A.Widget();
        (Owner.Metadata.Uid, Owner.Metadata.DeletionTimestamp) = ("u", DateTime.UnixEpoch);

        (await ApplyAsync(A.ConfigMap())).Written.Should().Be(0);

        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task A_child_on_its_way_out_is_left_to_go()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await EditAsync(map => map["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z");

        await ApplyAsync(A.ConfigMap(data: ("a", "2")));

        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task A_child_deleted_by_hand_comes_back()
    {
        await ApplyAsync(A.ConfigMap(data: ("a", "1")));
        Server.Store.Delete("configmaps", "ns", "c");
        Server.Store.Create("configmaps", A.Json(A.ConfigMap("barrier")));
        await Runtime.CaughtUpAsync<V1ConfigMap>("configmaps", new("ns", "barrier"));

        (await ApplyAsync(A.ConfigMap(data: ("a", "1")))).Written.Should().Be(1);
    }
}
