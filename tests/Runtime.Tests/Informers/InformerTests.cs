using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class InformerTests
{
    private FakeApiServer _server = null!;

    [SetUp]
    public async Task StartServer() => _server = await FakeApiServer.StartAsync();

    [TearDown]
    public async Task StopServer() => await _server.DisposeAsync();

    [Test]
    public async Task A_list_is_read_in_pages_with_limit_and_continue()
    {
        for (var index = 0; index < 7; index++)
        {
            _server.Store.Create("pods", A.Json(A.Pod($"p{index}")));
        }

        await using var runtime = await StartAsync(configure: options => options.PageSize = 3);

        runtime.Get<IObjectStore<V1Pod>>().List().Should().HaveCount(7);
        var lists = _server.Requests.Where(request => request.IsList).ToList();
        lists.Select(request => request.Query["limit"]).Should().Equal("3", "3", "3");
        lists.Select(request => request.Query.GetValueOrDefault("continue", "")).Should().Equal("", "3", "6");
    }

    [Test]
    public async Task Items_carry_their_kind_though_the_list_leaves_it_out()
    {
        var bare = A.Json(A.Pod());
        bare.Remove("kind");
        bare.Remove("apiVersion");
        _server.Store.Create("pods", bare);

        await using var runtime = await StartAsync();

        var pod = runtime.Get<IObjectStore<V1Pod>>().Get(new("ns", "p"))!;
        (pod.ApiVersion, pod.Kind).Should().Be(("v1", "Pod"));
    }

    [Test]
    public async Task Changes_reach_the_store_and_the_subscribers_with_old_and_new()
    {
        await using var runtime = await StartAsync();
        var seen = Record(runtime);

        _server.Store.Create("pods", A.Json(A.Pod()));
        _server.Store.Update("pods", "ns", "p", pod => pod["metadata"]!["labels"] = new JsonObject { ["a"] = "b" });
        _server.Store.Delete("pods", "ns", "p");

        await Eventually.IsTrueAsync(() => seen.Count == 3);
        seen.Select(change => change.Type).Should().Equal(InformerEventType.Added, InformerEventType.Updated, InformerEventType.Deleted);
        var updated = seen.ElementAt(1);
        updated.Old!.Metadata.Labels.Should().BeNullOrEmpty();
        updated.New!.Metadata.Labels["a"].Should().Be("b");
        seen.ElementAt(2).New.Should().BeNull();
        runtime.Get<IObjectStore<V1Pod>>().List().Should().BeEmpty();
    }

    [Test]
    public async Task A_late_subscriber_is_told_of_what_is_there()
    {
        _server.Store.Create("pods", A.Json(A.Pod()));
        await using var runtime = await StartAsync();

        Record(runtime).Should().ContainSingle(change => change.Type == InformerEventType.Added);
    }

    [Test]
    public async Task A_subscriber_that_left_is_told_nothing_more()
    {
        await using var runtime = await StartAsync();
        var left = new ConcurrentQueue<InformerEvent<V1Pod>>();
        runtime.Get<Informer<V1Pod>>().Subscribe(left.Enqueue).Dispose();
        var stays = Record(runtime);

        _server.Store.Create("pods", A.Json(A.Pod()));

        await Eventually.IsTrueAsync(() => stays.Count == 1);
        left.Should().BeEmpty();
    }

    [Test]
    public async Task A_throwing_subscriber_costs_the_others_nothing()
    {
        await using var runtime = await StartAsync();
        runtime.Logs.Expect(101);
        runtime.Get<Informer<V1Pod>>().Subscribe(_ => throw new InvalidOperationException("mine"));
        var seen = Record(runtime);

        _server.Store.Create("pods", A.Json(A.Pod("a")));
        _server.Store.Create("pods", A.Json(A.Pod("b")));

        await Eventually.IsTrueAsync(() => seen.Count == 2);
        runtime.Logs.Count(101).Should().Be(2);
    }

    [Test]
    public async Task A_dropped_watch_resumes_from_the_last_version_without_listing()
    {
        await using var runtime = await StartAsync();
        var seen = Record(runtime);
        _server.Store.Create("pods", A.Json(A.Pod("a")));
        await Eventually.IsTrueAsync(() => seen.Count == 1);
        var version = _server.Store.Version;

        _server.DropWatches();
        _server.Store.Create("pods", A.Json(A.Pod("b")));

        await Eventually.IsTrueAsync(() => seen.Count == 2);
        _server.Requests.Count(request => request.IsList).Should().Be(1);
        _server.Requests.Last(request => request.IsWatch).Query["resourceVersion"].Should().Be(version);
        _server.Requests.Last(request => request.IsWatch).Query["allowWatchBookmarks"].Should().Be("true");
    }

    [Test]
    public async Task A_version_that_the_server_forgot_leads_to_a_new_list_that_raises_each_deletion_once()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            _server.Store.Create("pods", A.Json(A.Pod(name)));
        }

        await using var runtime = await StartAsync(configure: options => options.PageSize = 2);
        var seen = Record(runtime);
        _server.FailWith(request => request.IsWatch ? new FakeStatus(500, "InternalError", "not now") : null);
        _server.DropWatches();
        await Eventually.IsTrueAsync(() => _server.Requests.Count(request => request.IsWatch) > 1);
        _server.Store.Delete("pods", "ns", "b");
        _server.Store.Create("pods", A.Json(A.Pod("e")));
        _server.Store.Compact();
        _server.Heal();

        await Eventually.IsTrueAsync(() => seen.Count == 6);
        seen.Skip(4).Select(change => (change.Type, change.Object.Metadata.Name)).Should().BeEquivalentTo(
            [(InformerEventType.Added, "e"), (InformerEventType.Deleted, "b")]);
        _server.Store.Create("pods", A.Json(A.Pod("f")));
        await Eventually.IsTrueAsync(() => seen.Count == 7);
        runtime.Get<IObjectStore<V1Pod>>().List().Select(pod => pod.Metadata.Name).Should().BeEquivalentTo("a", "c", "d", "e", "f");
    }

    [Test]
    public async Task A_watch_from_a_forgotten_version_is_410_and_lists_again()
    {
        await using var runtime = await StartAsync();
        await Eventually.IsTrueAsync(() => _server.Requests.Any(request => request.IsWatch));

        _server.Store.Compact();
        _server.DropWatches();

        await Eventually.IsTrueAsync(() => _server.Requests.Count(request => request.IsList) == 2);
        runtime.Logs.Count(103).Should().Be(1);
    }

    [TestCase(429)]
    [TestCase(503)]
    public async Task A_busy_server_is_not_asked_for_everything_again(int code)
    {
        await using var runtime = await StartAsync();
        var seen = Record(runtime);
        _server.FailWith(request => request.IsWatch ? new FakeStatus(code, "", "not now") : null);
        // Dropped again and again, for the first may not have been open yet.
        await Eventually.IsTrueAsync(() => _server.Requests.Count(request => request.IsWatch) > 6, _server.DropWatches);
        _server.Store.Create("pods", A.Json(A.Pod()));
        _server.Heal();

        await Eventually.IsTrueAsync(() => seen.Count == 1);
        _server.Requests.Count(request => request.IsList).Should().Be(1);
    }

    [Test]
    public async Task An_error_event_of_410_inside_the_stream_lists_again()
    {
        await using var runtime = await StartAsync();
        await Eventually.IsTrueAsync(() => _server.Requests.Any(request => request.IsWatch));

        _server.Store.Inject("pods", "ERROR", new FakeStatus(410, "Expired", "too old").Json);

        await Eventually.IsTrueAsync(() => _server.Requests.Count(request => request.IsList) == 2);
        runtime.Logs.Count(103).Should().Be(1);
    }

    [Test]
    public async Task A_bookmark_moves_the_version_from_which_a_watch_resumes()
    {
        await using var runtime = await StartAsync();
        await Eventually.IsTrueAsync(() => _server.Requests.Any(request => request.IsWatch));
        _server.Store.Inject("pods", "BOOKMARK", new() { ["kind"] = "Pod", ["metadata"] = new JsonObject { ["resourceVersion"] = "4711" } });
        _server.Store.Inject("pods", FakeStore.EndOfWatch, []);

        await Eventually.IsTrueAsync(() => _server.Requests.Any(request => request.IsWatch && request.Query["resourceVersion"] == "4711"));

        runtime.Get<IObjectStore<V1Pod>>().List().Should().BeEmpty("a bookmark is no object");
    }

    [Test]
    public async Task A_silent_watch_is_opened_again_after_the_idle_timeout()
    {
        var clock = new FakeTimeProvider();
        await using var runtime = await StartAsync(clock: clock);
        await Eventually.IsTrueAsync(() => _server.Requests.Any(request => request.IsWatch));

        await Eventually.IsTrueAsync(() => _server.Requests.Count(request => request.IsWatch) > 1, () => clock.Advance(TimeSpan.FromMinutes(1)));

        _server.Requests.Count(request => request.IsList).Should().Be(1);
        await runtime.StopAsync();
    }

    [Test]
    public async Task A_continue_token_that_expires_makes_the_next_list_whole()
    {
        for (var index = 0; index < 4; index++)
        {
            _server.Store.Create("pods", A.Json(A.Pod($"p{index}")));
        }

        _server.FailNext(request => request.Query.ContainsKey("continue"), new(410, "Expired", "continue too old"));
        await using var runtime = await StartAsync(configure: options => options.PageSize = 2);

        runtime.Get<IObjectStore<V1Pod>>().List().Should().HaveCount(4);
        _server.Requests.Last(request => request.IsList).Query.Should().NotContainKey("limit");
    }

    [Test]
    public async Task A_kind_that_is_not_installed_is_an_empty_cache_said_once_and_filled_when_it_is()
    {
        _server.FailWith(request => request.Plural == "widgets" ? new FakeStatus(404, "NotFound", "the server could not find the requested resource") : null);
        await using var runtime = await TestRuntime.StartAsync(_server, kubernetes => kubernetes.AddInformer<Widget>());
        await Eventually.IsTrueAsync(() => _server.Requests.Count(request => request.Plural == "widgets") > 5);
        runtime.Get<Informer<Widget>>().Installed.Should().BeFalse();
        runtime.Logs.Count(105).Should().Be(1);

        _server.Store.Create("widgets", A.Json(A.Widget()));
        _server.Heal();

        await Eventually.IsTrueAsync(() => runtime.Get<IObjectStore<Widget>>().List().Count == 1);
        runtime.Get<IInformerSync>().States.Should().ContainSingle().Which.Should().Be(new InformerState("widgets.test.dev", HasSynced: true, Installed: true, Count: 1));
        runtime.Logs.Count(104).Should().Be(1);
    }

    [Test]
    public async Task One_404_of_something_on_the_way_does_not_empty_a_filled_cache()
    {
        _server.Store.Create("pods", A.Json(A.Pod()));
        await using var runtime = await StartAsync();
        var seen = Record(runtime);
        await Eventually.IsTrueAsync(() => _server.Requests.Any(request => request.IsWatch));
        _server.FailNext(request => request.IsWatch, new(404, "", "default backend"));
        _server.DropWatches();
        await Eventually.IsTrueAsync(() => _server.Requests.Count(request => request.IsWatch) == 3);

        _server.Store.Create("pods", A.Json(A.Pod("q")));

        await Eventually.IsTrueAsync(() => seen.Any(change => change.Object.Metadata.Name == "q"));
        seen.Select(change => change.Type).Should().Equal(InformerEventType.Added, InformerEventType.Added);
        runtime.Get<Informer<V1Pod>>().Installed.Should().BeTrue();
    }

    [Test]
    public async Task A_kind_that_is_uninstalled_leaves_the_cache_empty()
    {
        _server.Store.Create("pods", A.Json(A.Pod()));
        await using var runtime = await StartAsync();
        _server.FailWith(_ => new FakeStatus(404, "NotFound", "the server could not find the requested resource"));
        _server.DropWatches();

        await Eventually.IsTrueAsync(() => runtime.Get<IObjectStore<V1Pod>>().List().Count == 0);

        runtime.Get<Informer<V1Pod>>().Installed.Should().BeFalse();
    }

    [Test]
    public async Task A_watch_that_is_never_answered_is_a_failure_that_is_said()
    {
        using var held = new ManualResetEventSlim();
        _server.FailWith(request =>
        {
            if (request.IsWatch)
            {
                held.Wait();
            }

            return null;
        });
        var clock = new FakeTimeProvider();
        await using var runtime = await StartAsync(clock: clock);
        try
        {
            await Eventually.IsTrueAsync(() => runtime.Logs.Count(107) == 1, () => clock.Advance(TimeSpan.FromMinutes(1)));

            runtime.Logs.Lines.Single(line => line.EventId == 107).Message.Should().Contain("pods").And.Contain("not answered");
        }
        finally
        {
            held.Set();
            await runtime.StopAsync();
        }
    }

    [Test]
    public async Task A_failing_server_is_survived_and_said_once_for_each_way_to_fail()
    {
        _server.FailWith(request => new FakeStatus(503, "ServiceUnavailable", "soon"));
        await using var runtime = await StartAsync(sync: false);
        await Eventually.IsTrueAsync(() => _server.Requests.Count > 5);
        runtime.Get<IInformerSync>().HasSynced.Should().BeFalse();
        runtime.Logs.Count(106).Should().Be(1);

        _server.Heal();

        await runtime.Get<IInformerSync>().WaitForSyncAsync(default).WithinLimit();
        runtime.Get<IInformerSync>().HasSynced.Should().BeTrue();
        runtime.Logs.Count(104).Should().Be(1);
    }

    [Test]
    public async Task An_object_that_does_not_fit_its_type_is_left_out_and_the_rest_stays()
    {
        var odd = A.Json(A.Widget("odd"));
        odd["spec"]!["size"] = "not a number";
        _server.Store.Create("widgets", odd);
        _server.Store.Create("widgets", A.Json(A.Widget("even")));
        await using var runtime = await TestRuntime.StartAsync(_server, kubernetes => kubernetes.AddInformer<Widget>());
        var store = runtime.Get<IObjectStore<Widget>>();
        store.List().Should().ContainSingle();
        runtime.Logs.Count(100).Should().Be(1);

        _server.Store.Update("widgets", "ns", "odd", widget => widget["spec"]!["size"] = 3);

        await Eventually.IsTrueAsync(() => store.List().Count == 2);
    }

    private static ConcurrentQueue<InformerEvent<V1Pod>> Record(TestRuntime runtime)
    {
        var seen = new ConcurrentQueue<InformerEvent<V1Pod>>();
        runtime.Get<Informer<V1Pod>>().Subscribe(seen.Enqueue);
        return seen;
    }

    private Task<TestRuntime> StartAsync(TimeProvider? clock = null, Action<KubernetesRuntimeOptions>? configure = null, bool sync = true) =>
        TestRuntime.StartAsync(_server, kubernetes => kubernetes.AddInformer<V1Pod>(), clock, configure, sync);
}
