using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.Fields;

[TestFixture]
public sealed class ServerSideApplyTests
{
    private static readonly Schema ConfigMap = BuiltInSchemas.Get("", "v1", "ConfigMap");
    private static readonly Schema Pod = BuiltInSchemas.Get("", "v1", "Pod");
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void Applying_twice_changes_nothing_and_keeps_the_time()
    {
        var first = Apply(null, """{"x":"1"}""", "m1", Now);

        var second = Apply(first, """{"x":"1"}""", "m1", Now.AddHours(1));

        JsonNode.DeepEquals(first, second).Should().BeTrue(second.ToJsonString());
    }

    [Test]
    public void A_field_dropped_by_its_only_owner_goes_and_a_shared_one_stays()
    {
        var live = Apply(Apply(null, """{"x":"1","y":"1"}""", "m1"), """{"x":"1"}""", "m2");

        var next = Apply(live, "{}", "m1");

        next["data"]!.ToJsonString().Should().Be("""{"x":"1"}""");
    }

    [Test]
    public void Conflicts_with_several_managers_are_grouped_by_manager()
    {
        var live = Apply(Apply(null, """{"x":"1"}""", "m1"), """{"y":"1"}""", "m2");

        var act = () => Apply(live, """{"x":"2","y":"2"}""", "m3");

        act.Should().Throw<StatusException>().Where(e => e.Code == 409).WithMessage(
            "Apply failed with 2 conflicts: conflicts with \"m1\":\n- .data.x\nconflicts with \"m2\":\n- .data.y");
    }

    [Test]
    public void An_object_that_nobody_tracks_belongs_to_a_manager_of_its_own_before_it_is_applied()
    {
        var live = (JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","uid":"u"},"data":{"x":"1"}}""")!;

        var act = () => Apply(live, """{"x":"2"}""", "m1");

        act.Should().Throw<StatusException>().WithMessage("Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.x");
    }

    [Test]
    public void Live_items_keep_their_place_and_shared_ones_take_the_applied_order()
    {
        var live = Pods(null, """[{"name":"a"},{"name":"b"},{"name":"c"}]""", "m1");

        var next = Pods(live, """[{"name":"c"},{"name":"new"},{"name":"a"}]""", "m2");

        next["spec"]!["containers"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()).Should().Equal("b", "c", "new", "a");
    }

    [Test]
    public void More_than_ten_updaters_are_folded_into_one()
    {
        var live = Apply(null, "{}", "m");
        for (var i = 0; i < 14; i++)
        {
            var next = (JsonObject)live.DeepClone();
            next["data"] ??= new JsonObject();
            next["data"]![$"k{i}"] = "v";
            ManagedFields.Update(ConfigMap, i == 0 ? null : live, next, Manager($"u{i:00}", FieldManager.Update), Now.AddSeconds(i));
            live = next;
        }

        var names = live["metadata"]!["managedFields"]!.AsArray().Select(row => row!["manager"]!.GetValue<string>()).ToList();
        names.Should().HaveCount(Managers.MaxUpdateEntries).And.Contain("ancient-changes").And.NotContain("u00").And.Contain("u13");
    }

    [Test]
    public void An_updater_loses_what_is_removed_and_owns_what_it_changed()
    {
        var live = (JsonObject)JsonNode.Parse("""{"metadata":{"name":"a"},"data":{"x":"1","y":"1"}}""")!;
        ManagedFields.Update(ConfigMap, null, live, Manager("u1", FieldManager.Update), Now);
        var next = (JsonObject)JsonNode.Parse("""{"metadata":{"name":"a"},"data":{"x":"2"}}""")!;

        ManagedFields.Update(ConfigMap, live, next, Manager("u2", FieldManager.Update), Now);

        Owners(next).Should().Equal("""u1 {"f:data":{}}""", """u2 {"f:data":{"f:x":{}}}""");
    }

    private static IEnumerable<string> Owners(JsonObject value) =>
        value["metadata"]!["managedFields"]!.AsArray().Select(row => $"{row!["manager"]} {row["fieldsV1"]!.ToJsonString()}");

    private static JsonObject Apply(JsonObject? live, string data, string manager, DateTimeOffset? now = null)
    {
        var applied = (JsonObject)JsonNode.Parse($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{{{data}}}}""")!;
        return ServerSideApply.Apply(ConfigMap, live, applied, Manager(manager, FieldManager.Apply), force: false, now ?? Now);
    }

    private static JsonObject Pods(JsonObject? live, string containers, string manager)
    {
        var applied = (JsonObject)JsonNode.Parse($$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":{{{containers}}}}}""")!;
        return ServerSideApply.Apply(Pod, live, applied, Manager(manager, FieldManager.Apply), force: false, Now);
    }

    private static FieldManager Manager(string name, string operation) => new(name, operation, "v1", "");
}
