using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class ControllerLoopTests : ControllerTest
{
    [Test]
    public async Task Every_entity_is_reconciled_at_the_start_and_at_each_change()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync();
        await ReconciledAsync("a");

        Server.Store.Create("widgets", A.Json(A.Widget("b")));
        await ReconciledAsync("a", "b");
        Server.Store.Update("widgets", "ns", "a", widget => widget["spec"]!["size"] = 2);

        await ReconciledAsync("a", "b", "a");
    }

    [Test]
    public async Task A_change_of_a_child_reconciles_its_controller_owner_and_of_a_watched_object_whom_the_mapping_names()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(controller => controller
            .Owns<V1ConfigMap>()
            .Watches<V1Pod>(pod => [new(pod.Metadata.NamespaceProperty, pod.Metadata.Labels["widget"])], "widget"));
        await ReconciledAsync("a");
        var owner = runtime.Get<IObjectStore<Widget>>().Get(new("ns", "a"))!;

        Server.Store.Create("configmaps", A.Json(A.ConfigMap("stranger")));
        Server.Store.Create("pods", A.Json(A.Pod("unlabelled")));
        Server.Store.Create("configmaps", A.Json(A.ConfigMap().OwnedBy(owner)));
        await ReconciledAsync("a", "a");
        Server.Store.Create("pods", A.Json(A.Pod(labels: ("widget", "a"))));
        await ReconciledAsync("a", "a", "a");
        Server.Store.Delete("configmaps", "ns", "c");

        await ReconciledAsync("a", "a", "a", "a");
    }

    [Test]
    public async Task A_child_that_leaves_its_owner_reconciles_the_owner_once_more()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(controller => controller.Owns<V1ConfigMap>());
        await ReconciledAsync("a");
        Server.Store.Create("configmaps", A.Json(A.ConfigMap().OwnedBy(runtime.Get<IObjectStore<Widget>>().Get(new("ns", "a"))!)));
        await ReconciledAsync("a", "a");

        Server.Store.Update("configmaps", "ns", "c", map => map["metadata"]!.AsObject().Remove("ownerReferences"));

        await ReconciledAsync("a", "a", "a");
    }

    [Test]
    public async Task Everything_is_reconciled_again_after_the_resync_period()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(configure: options => options.ResyncPeriod = TimeSpan.FromHours(10));
        await ReconciledAsync("a");

        await Eventually.IsTrueAsync(() => Reconciled.Count > 1, () => Clock.Advance(TimeSpan.FromHours(10)));
    }

    [Test]
    public async Task A_reconcile_is_given_the_status_that_was_written_last_though_the_cache_lags()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        var entered = new TaskCompletionSource();
        var lags = new TaskCompletionSource();
        var seen = new ConcurrentQueue<string>();
        IStatusWriter? writer = null;
        await using var runtime = await StartAsync(reconcile: async (widget, cancellationToken) =>
        {
            entered.TrySetResult();
            await lags.Task.WaitAsync(cancellationToken);
            seen.Enqueue(widget.Status?.Phase ?? "none");
            await writer!.WriteAsync(widget, new WidgetStatus { Phase = "Up" }, cancellationToken);
            return Result.After(TimeSpan.FromSeconds(1));
        });
        writer = runtime.Get<IStatusWriter>();
        await entered.Task.WithinLimit();
        Server.FailWith(request => request.IsWatch || request.IsList ? new FakeStatus(503, "ServiceUnavailable", "soon") : null);
        Server.DropWatches();
        lags.SetResult();

        await Eventually.IsTrueAsync(() => seen.Count >= 3, () =>
        {
            // Not while a write is on its way, whose time would run out.
            if (runtime.Logs.Count(124) == seen.Count)
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
            }
        });

        seen.Take(3).Should().Equal("none", "Up", "Up");
        Server.Writes.Should().ContainSingle();
    }

    [Test]
    public async Task Workers_work_on_different_keys_at_once_and_a_line_of_theirs_says_on_which()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        Server.Store.Create("widgets", A.Json(A.Widget("b")));
        using var both = new Barrier(3);
        await using var runtime = await StartAsync(controller => controller.Workers(2), reconcile: async (widget, cancellationToken) =>
        {
            await Task.Run(() => both.SignalAndWait(TimeSpan.FromSeconds(20), cancellationToken), cancellationToken);
            return Result.Done;
        });

        (await Task.Run(() => both.SignalAndWait(TimeSpan.FromSeconds(20)))).Should().BeTrue("two reconciles run at once");

        await Eventually.IsTrueAsync(() => runtime.Logs.Count(124) == 2);
        var scopes = runtime.Logs.Lines.Where(line => line.EventId == 124).SelectMany(line => line.Scopes).Order(StringComparer.Ordinal).ToList();
        scopes.Should().HaveCount(2);
        scopes[0].Should().MatchRegex("^Entity:ns/a ReconcileId:[12]$");
        scopes[1].Should().MatchRegex("^Entity:ns/b ReconcileId:[12]$");
    }

    [Test]
    public async Task Its_series_are_controller_runtimes()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(controller => controller.Workers(3));
        using var metrics = new MetricReader(runtime.Get<IMeterFactory>());
        await ReconciledAsync("a");

        await Eventually.IsTrueAsync(() => metrics.Read()["controller_runtime_reconcile_total{controller=widget,result=success}"] == 1);
        var read = metrics.Read();
        read["controller_runtime_reconcile_total{controller=widget,result=error}"].Should().Be(0);
        read["controller_runtime_reconcile_total{controller=widget,result=requeue_after}"].Should().Be(0);
        read["controller_runtime_reconcile_errors_total{controller=widget}"].Should().Be(0);
        read["controller_runtime_active_workers{controller=widget}"].Should().Be(0);
        read["controller_runtime_max_concurrent_reconciles{controller=widget}"].Should().Be(3);
        read["workqueue_depth{name=widget,controller=widget}"].Should().Be(0);
    }
}
