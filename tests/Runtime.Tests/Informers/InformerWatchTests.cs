using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class InformerWatchTests : InformerTest
{
    [Test]
    public async Task A_dropped_watch_resumes_from_the_last_version_without_listing()
    {
        await using var runtime = await StartAsync();
        var seen = Record(runtime);
        Server.Store.Create("pods", A.Json(A.Pod("a")));
        await Eventually.IsTrueAsync(() => seen.Count == 1);
        var version = Server.Store.Version;

        Server.DropWatches();
        Server.Store.Create("pods", A.Json(A.Pod("b")));

        await Eventually.IsTrueAsync(() => seen.Count == 2);
        Server.Requests.Count(request => request.IsList).Should().Be(1);
        Server.Requests.Last(request => request.IsWatch).Query["resourceVersion"].Should().Be(version);
        Server.Requests.Last(request => request.IsWatch).Query["allowWatchBookmarks"].Should().Be("true");
    }

    [Test]
    public async Task A_version_that_the_server_forgot_leads_to_a_new_list_that_raises_each_deletion_once()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            Server.Store.Create("pods", A.Json(A.Pod(name)));
        }

        await using var runtime = await StartAsync(configure: options => options.PageSize = 2);
        var seen = Record(runtime);
        Server.FailWith(request => request.IsWatch ? new FakeStatus(500, "InternalError", "not now") : null);
        Server.DropWatches();
        await Eventually.IsTrueAsync(() => Server.Requests.Count(request => request.IsWatch) > 1);
        Server.Store.Delete("pods", "ns", "b");
        Server.Store.Create("pods", A.Json(A.Pod("e")));
        Server.Store.Compact();
        Server.Heal();

        await Eventually.IsTrueAsync(() => seen.Count == 6);
        seen.Skip(4).Select(change => (change.Type, change.Object.Metadata.Name)).Should().BeEquivalentTo(
            [(InformerEventType.Added, "e"), (InformerEventType.Deleted, "b")]);
        Server.Store.Create("pods", A.Json(A.Pod("f")));
        await Eventually.IsTrueAsync(() => seen.Count == 7);
        runtime.Get<IObjectStore<V1Pod>>().List().Select(pod => pod.Metadata.Name).Should().BeEquivalentTo("a", "c", "d", "e", "f");
    }

    [Test]
    public async Task A_watch_from_a_forgotten_version_is_410_and_lists_again()
    {
        await using var runtime = await StartAsync();
        await Eventually.IsTrueAsync(() => Server.OpenedWatches > 0);

        Server.Store.Compact();
        Server.DropWatches();

        await Eventually.IsTrueAsync(() => Server.Requests.Count(request => request.IsList) == 2);
        runtime.Logs.Count(103).Should().Be(1);
    }

    [Test]
    public async Task An_error_event_of_410_inside_the_stream_lists_again()
    {
        await using var runtime = await StartAsync();
        await Eventually.IsTrueAsync(() => Server.OpenedWatches > 0);

        Server.Store.Inject("pods", "ERROR", new FakeStatus(410, "Expired", "too old").Json);

        await Eventually.IsTrueAsync(() => Server.Requests.Count(request => request.IsList) == 2);
        runtime.Logs.Count(103).Should().Be(1);
    }

    [Test]
    public async Task A_bookmark_moves_the_version_from_which_a_watch_resumes()
    {
        await using var runtime = await StartAsync();
        await Eventually.IsTrueAsync(() => Server.OpenedWatches > 0);
        Server.Store.Inject("pods", "BOOKMARK", new() { ["kind"] = "Pod", ["metadata"] = new JsonObject { ["resourceVersion"] = "4711" } });
        Server.Store.Inject("pods", FakeStore.EndOfWatch, []);

        await Eventually.IsTrueAsync(() => Server.Requests.Any(request => request.IsWatch && request.Query["resourceVersion"] == "4711"));

        runtime.Get<IObjectStore<V1Pod>>().List().Should().BeEmpty("a bookmark is no object");
    }

    [Test]
    public async Task A_silent_watch_is_opened_again_after_the_idle_timeout()
    {
        var clock = new FakeTimeProvider();
        await using var runtime = await StartAsync(clock: clock);
        await Eventually.IsTrueAsync(() => Server.OpenedWatches > 0);

        await Eventually.IsTrueAsync(() => Server.Requests.Count(request => request.IsWatch) > 1, () => clock.Advance(TimeSpan.FromMinutes(1)));

        Server.Requests.Count(request => request.IsList).Should().Be(1);
        await runtime.StopAsync();
    }
}
