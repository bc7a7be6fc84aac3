using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Patches;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.Patches;

[TestFixture]
public sealed class StrategicMergePatchTests
{
    private static readonly Schema Pod = BuiltInSchemas.Get("", "v1", "Pod");

    [TestCase("""[{"name":"b","image":"2"}]""", "a=1 b=2", TestName = "An_item_is_found_by_its_key")]
    [TestCase("""[{"name":"c","image":"3"}]""", "c=3 a=1 b=1", TestName = "A_new_item_comes_first")]
    [TestCase("""[{"name":"a","$patch":"delete"}]""", "b=1", TestName = "A_deleted_item_goes")]
    [TestCase("""[{"$patch":"replace"},{"name":"z","image":"9"}]""", "z=9", TestName = "A_replaced_list_has_nothing_of_the_old_one")]
    public void Containers_merge_by_name(string containers, string expected) =>
        Containers($$$"""{"spec":{"containers":{{{containers}}}}}""").Should().Be(expected);

    [Test]
    public void An_order_directive_puts_items_in_that_order() =>
        Containers("""{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}}""").Should().Be("b=1 a=1");

    [Test]
    public void An_item_without_its_key_is_refused()
    {
        var act = () => Containers("""{"spec":{"containers":[{"image":"x"}]}}""");

        act.Should().Throw<StatusException>().WithMessage("map: map[image:x] does not contain declared merge key: name").Where(e => e.Code == 500);
    }

    [Test]
    public void Scalars_merge_as_a_set_and_can_be_taken_out()
    {
        var live = (JsonObject)JsonNode.Parse("""{"metadata":{"finalizers":["a.b/a","a.b/b"]}}""")!;

        var added = StrategicMergePatch.Apply(Pod, live, (JsonObject)JsonNode.Parse("""{"metadata":{"finalizers":["a.b/c"]}}""")!);
        var removed = StrategicMergePatch.Apply(Pod, added, (JsonObject)JsonNode.Parse("""{"metadata":{"$deleteFromPrimitiveList/finalizers":["a.b/a"]}}""")!);

        added["metadata"]!["finalizers"]!.ToJsonString().Should().Be("""["a.b/c","a.b/a","a.b/b"]""");
        removed["metadata"]!["finalizers"]!.ToJsonString().Should().Be("""["a.b/c","a.b/b"]""");
    }

    private static string Containers(string patch)
    {
        var live = (JsonObject)JsonNode.Parse("""{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}}""")!;
        var patched = StrategicMergePatch.Apply(Pod, live, (JsonObject)JsonNode.Parse(patch)!);
        return string.Join(' ', patched["spec"]!["containers"]!.AsArray().Select(container => $"{container!["name"]}={container["image"]}"));
    }
}
