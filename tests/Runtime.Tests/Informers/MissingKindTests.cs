using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class MissingKindTests : InformerTest
{
    [Test]
    public async Task A_kind_that_is_not_installed_is_an_empty_cache_said_once_and_filled_when_it_is()
    {
        Server.FailWith(request => request.Plural == "widgets" ? new FakeStatus(404, "NotFound", "the server could not find the requested resource") : null);
        await using var runtime = await TestRuntime.StartAsync(Server, kubernetes => kubernetes.AddInformer<Widget>());
        await Eventually.IsTrueAsync(() => Server.Requests.Count(request => request.Plural == "widgets") > 5);
        runtime.Get<Informer<Widget>>().Installed.Should().BeFalse();
        runtime.Logs.Count(105).Should().Be(1);

        Server.Store.Create("widgets", A.Json(A.Widget()));
        Server.Heal();

        // Said after the cache is filled.
        await Eventually.IsTrueAsync(() => runtime.Logs.Count(104) == 1);
        runtime.Get<IInformerSync>().States.Should().ContainSingle().Which.Should().Be(new InformerState("widgets.test.dev", HasSynced: true, Installed: true, Count: 1));
    }

    [Test]
    public async Task One_404_of_something_on_the_way_does_not_empty_a_filled_cache()
    {
        Server.Store.Create("pods", A.Json(A.Pod()));
        await using var runtime = await StartAsync();
        var seen = Record(runtime);
        await Eventually.IsTrueAsync(() => Server.OpenedWatches > 0);
        Server.FailNext(request => request.IsWatch, new(404, "", "default backend"));
        Server.DropWatches();
        await Eventually.IsTrueAsync(() => Server.Requests.Count(request => request.IsWatch) == 3);

        Server.Store.Create("pods", A.Json(A.Pod("q")));

        await Eventually.IsTrueAsync(() => seen.Any(change => change.Object.Metadata.Name == "q"));
        seen.Select(change => change.Type).Should().Equal(InformerEventType.Added, InformerEventType.Added);
        runtime.Get<Informer<V1Pod>>().Installed.Should().BeTrue();
    }

    [Test]
    public async Task A_kind_that_is_uninstalled_leaves_the_cache_empty()
    {
        Server.Store.Create("pods", A.Json(A.Pod()));
        await using var runtime = await StartAsync();
        Server.FailWith(_ => new FakeStatus(404, "NotFound", "the server could not find the requested resource"));

        // Dropped again and again, for the first may not have been open yet.
        await Eventually.IsTrueAsync(() => runtime.Get<IObjectStore<V1Pod>>().List().Count == 0, Server.DropWatches);

        runtime.Get<Informer<V1Pod>>().Installed.Should().BeFalse();
    }
}
