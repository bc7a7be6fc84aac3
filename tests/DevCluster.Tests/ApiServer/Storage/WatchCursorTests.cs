using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.Runtime;

namespace Slipway.DevCluster.Tests.ApiServer.Storage;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WatchCursorTests
{
    private readonly ObjectStore _store = new(historyLimit: 2);

    [Test]
    public async Task A_reader_that_has_read_all_is_woken_by_the_next_write()
    {
        var table = _store.Table("a");
        var cursor = new WatchCursor(table, _store.Revision);
        var changed = cursor.Changed;
        cursor.Read().Should().BeEmpty();

        Insert("x");

        await changed.WaitAsync(TimeSpan.FromSeconds(30));
        cursor.Read().Should().ContainSingle().Which.Type.Should().Be(StoreEventType.Added);
        cursor.Read().Should().BeEmpty();
    }

    [Test]
    public void A_reader_too_slow_for_the_history_is_told_so()
    {
        var cursor = new WatchCursor(_store.Table("a"), _store.Revision);

        foreach (var name in (string[])["x", "y", "z"])
        {
            Insert(name);
        }

        cursor.Read().Should().BeNull();
    }

    [Test]
    public void A_table_that_was_dropped_ends_its_watches()
    {
        var cursor = new WatchCursor(_store.Table("a"), _store.Revision);
        var changed = cursor.Changed;

        _store.Drop("a");

        changed.IsCompleted.Should().BeTrue();
        cursor.IsClosed.Should().BeTrue();
    }

    private void Insert(string name) =>
        _store.Insert(_store.Table("a"), new ObjectKey("ns", name), new JsonObject { ["metadata"] = new JsonObject() });
}
