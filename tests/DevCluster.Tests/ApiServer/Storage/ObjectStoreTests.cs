using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.Runtime;

namespace Slipway.DevCluster.Tests.ApiServer.Storage;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ObjectStoreTests
{
    private const int History = 3;
    private readonly ObjectStore _store = new(History);

    [Test]
    public void A_key_is_stored_once()
    {
        var table = _store.Table("a");

        _store.Insert(table, Key("x"), Value())!.Revision.Should().Be(2);
        _store.Insert(table, Key("x"), Value()).Should().BeNull();
    }

    [Test]
    public void A_write_on_an_old_version_is_not_stored()
    {
        var table = _store.Table("a");
        var first = _store.Insert(table, Key("x"), Value())!;
        var second = _store.Replace(table, first, Value())!;

        _store.Replace(table, first, Value()).Should().BeNull();
        _store.Remove(table, first).Should().BeNull();
        table.Find(Key("x")).Should().BeSameAs(second);
    }

    [Test]
    public void A_store_that_forgot_its_history_has_its_objects_and_knows_nothing_of_before()
    {
        var table = _store.Table("a");
        var first = _store.Insert(table, Key("x"), Value())!;
        _store.Insert(_store.Table("b"), Key("x"), Value());

        _store.ForgetHistory();
        var later = _store.Replace(table, first, Value())!;

        table.EventsAfter(first.Revision, 9).Should().BeNull();
        table.At(first.Revision).Should().BeNull();
        table.EventsAfter(later.Revision - 1, 9).Should().ContainSingle().Which.Object.Should().BeSameAs(later);
    }

    [Test]
    public void Every_write_has_a_revision_of_its_own_over_all_tables()
    {
        var first = _store.Insert(_store.Table("a"), Key("x"), Value())!;
        var second = _store.Insert(_store.Table("b"), Key("x"), Value())!;

        second.Revision.Should().Be(first.Revision + 1);
        ((string?)second.Value["metadata"]!["resourceVersion"]).Should().Be("3");
    }

    [Test]
    public void The_past_can_be_read_as_long_as_the_history_reaches()
    {
        var table = _store.Table("a");
        for (var i = 0; i < History; i++)
        {
            _store.Insert(table, Key($"x{i}"), Value());
        }

        table.At(2)!.Count.Should().Be(1);
        _store.Insert(table, Key("more"), Value());
        _store.Insert(table, Key("yet more"), Value());

        table.At(2).Should().BeNull();
        table.At(4)!.Count.Should().Be(3);
    }

    [Test]
    public void Objects_are_listed_in_the_order_of_their_paths()
    {
        var table = _store.Table("a");
        foreach (var key in new[] { new ObjectKey("a", "y"), new ObjectKey("a-b", "x"), new ObjectKey("a", "x") })
        {
            _store.Insert(table, key, Value());
        }

        table.Current.In(null).Select(o => o.Key.ToString()).Should().Equal("a-b/x", "a/x", "a/y");
        table.Current.In("a").Should().HaveCount(2);
    }

    [Test]
    public async Task Waiting_for_a_revision_ends_with_the_write_that_reaches_it()
    {
        var waiting = _store.WaitForAsync(2, TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None);
        waiting.IsCompleted.Should().BeFalse();

        _store.Insert(_store.Table("a"), Key("x"), Value());

        (await waiting).Should().BeTrue();
    }

    private static ObjectKey Key(string name) => new("ns", name);

    private static JsonObject Value() => new() { ["metadata"] = new JsonObject() };
}
