using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class ControllerLoopTests
{
    private readonly ConcurrentQueue<string> _reconciled = new();
    private FakeTimeProvider _clock = null!;
    private FakeApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _reconciled.Clear();
        _clock = new();
        _server = await FakeApiServer.StartAsync();
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task Every_entity_is_reconciled_at_the_start_and_at_each_change()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync();
        await ReconciledAsync("a");

        _server.Store.Create("widgets", A.Json(A.Widget("b")));
        await ReconciledAsync("a", "b");
        _server.Store.Update("widgets", "ns", "a", widget => widget["spec"]!["size"] = 2);

        await ReconciledAsync("a", "b", "a");
    }

    [Test]
    public async Task A_change_of_a_child_reconciles_its_controller_owner_and_of_a_watched_object_whom_the_mapping_names()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(controller => controller
            .Owns<V1ConfigMap>()
            .Watches<V1Pod>(pod => [new(pod.Metadata.NamespaceProperty, pod.Metadata.Labels["widget"])], "widget"));
        await ReconciledAsync("a");
        var owner = runtime.Get<IObjectStore<Widget>>().Get(new("ns", "a"))!;

        _server.Store.Create("configmaps", A.Json(A.ConfigMap("stranger")));
        _server.Store.Create("pods", A.Json(A.Pod("unlabelled")));
        _server.Store.Create("configmaps", A.Json(A.ConfigMap().OwnedBy(owner)));
        await ReconciledAsync("a", "a");
        _server.Store.Create("pods", A.Json(A.Pod(labels: ("widget", "a"))));
        await ReconciledAsync("a", "a", "a");
        _server.Store.Delete("configmaps", "ns", "c");

        await ReconciledAsync("a", "a", "a", "a");
    }

    [Test]
    public async Task A_child_that_leaves_its_owner_reconciles_the_owner_once_more()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(controller => controller.Owns<V1ConfigMap>());
        await ReconciledAsync("a");
        _server.Store.Create("configmaps", A.Json(A.ConfigMap().OwnedBy(runtime.Get<IObjectStore<Widget>>().Get(new("ns", "a"))!)));
        await ReconciledAsync("a", "a");

        _server.Store.Update("configmaps", "ns", "c", map => map["metadata"]!.AsObject().Remove("ownerReferences"));

        await ReconciledAsync("a", "a", "a");
    }

    [Test]
    public async Task A_throw_brings_its_key_back_with_backoff_and_stops_no_other()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("bad")));
        _server.Store.Create("widgets", A.Json(A.Widget("good")));
        await using var runtime = await StartAsync();
        runtime.Logs.Expect(120);
        await Eventually.IsTrueAsync(() => _reconciled.Count == 2);
        _reconciled.Clear();
        var failing = true;
        Controller(runtime).Reconcile = (widget, _) =>
        {
            _reconciled.Enqueue(widget.Metadata.Name);
            return failing ? throw new InvalidOperationException("no luck") : Task.FromResult(Result.Done);
        };

        _server.Store.Update("widgets", "ns", "bad", widget => widget["spec"]!["size"] = 2);
        await ReconciledAsync("bad");
        await Eventually.IsTrueAsync(() => _reconciled.Count == 4, () => _clock.Advance(TimeSpan.FromMilliseconds(5)));
        failing = false;
        await Eventually.IsTrueAsync(() => _reconciled.Count == 5, () => _clock.Advance(TimeSpan.FromMilliseconds(40)));
        _server.Store.Update("widgets", "ns", "good", widget => widget["spec"]!["size"] = 2);

        await Eventually.IsTrueAsync(() => _reconciled.Count == 6);
        _reconciled.Should().Equal("bad", "bad", "bad", "bad", "bad", "good");
        runtime.Logs.Lines.Where(line => line.EventId == 120).Select(line => line.Message).Should().HaveCount(4).And.Contain(message => message.Contains("failure 4 in a row"));
    }

    [Test]
    public async Task A_terminal_exception_waits_for_the_next_change_and_is_said_once()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(reconcile: (widget, _) =>
        {
            _reconciled.Enqueue(widget.Metadata.Name);
            throw new TerminalException("the size must be mended");
        });
        await ReconciledAsync("a");

        // Past any first backoff, and short of the watch's idle timeout.
        _clock.Advance(TimeSpan.FromMinutes(1));
        _server.Store.Update("widgets", "ns", "a", widget => widget["spec"]!["size"] = 2);
        await ReconciledAsync("a", "a");

        await Eventually.IsTrueAsync(() => runtime.Logs.Count(121) == 2);
    }

    [Test]
    public async Task A_conflict_comes_back_soon_without_an_error()
    {
        var conflicts = 1;
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(reconcile: (widget, _) =>
        {
            _reconciled.Enqueue(widget.Metadata.Name);
            return conflicts-- > 0 ? throw new ConflictException("newer") : Task.FromResult(Result.Done);
        });

        await Eventually.IsTrueAsync(() => _reconciled.Count == 2, () => _clock.Advance(TimeSpan.FromMilliseconds(5)));
    }

    [Test]
    public async Task A_result_with_a_delay_comes_back_after_it()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(reconcile: (widget, _) =>
        {
            _reconciled.Enqueue(widget.Metadata.Name);
            return Task.FromResult(_reconciled.Count == 1 ? Result.After(TimeSpan.FromHours(1)) : Result.Done);
        });
        await ReconciledAsync("a");
        await Eventually.IsTrueAsync(() => runtime.Logs.Count(124) == 1);

        _clock.Advance(TimeSpan.FromHours(1));

        await ReconciledAsync("a", "a");
    }

    [Test]
    public async Task Everything_is_reconciled_again_after_the_resync_period()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(configure: options => options.ResyncPeriod = TimeSpan.FromHours(10));
        await ReconciledAsync("a");

        await Eventually.IsTrueAsync(() => _reconciled.Count > 1, () => _clock.Advance(TimeSpan.FromHours(10)));
    }

    [Test]
    public async Task A_reconcile_is_given_the_status_that_was_written_last_though_the_cache_lags()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
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
        _server.FailWith(request => request.IsWatch || request.IsList ? new FakeStatus(503, "ServiceUnavailable", "soon") : null);
        _server.DropWatches();
        lags.SetResult();

        await Eventually.IsTrueAsync(() => seen.Count >= 3, () => _clock.Advance(TimeSpan.FromSeconds(1)));

        seen.Take(3).Should().Equal("none", "Up", "Up");
        _server.Writes.Should().ContainSingle();
    }

    [Test]
    public async Task Workers_work_on_different_keys_at_once_and_a_line_of_theirs_says_on_which()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        _server.Store.Create("widgets", A.Json(A.Widget("b")));
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
    public async Task A_stop_lets_the_running_reconcile_end_and_takes_no_other()
    {
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        _server.Store.Create("widgets", A.Json(A.Widget("b")));
        await using var runtime = await StartAsync(reconcile: async (widget, cancellationToken) =>
        {
            entered.TrySetResult();
            await leave.Task.WaitAsync(cancellationToken);
            _reconciled.Enqueue(widget.Metadata.Name);
            return Result.Done;
        });
        await entered.Task.WithinLimit();

        var stopped = runtime.StopAsync();
        stopped.IsCompleted.Should().BeFalse();
        leave.SetResult();
        await stopped.WithinLimit();

        _reconciled.Should().ContainSingle("one of the two was running, and the other was not begun");
    }

    [Test]
    public async Task A_reconcile_that_outlasts_the_stop_timeout_is_cancelled_and_awaited()
    {
        var entered = new TaskCompletionSource();
        var cancelled = false;
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(reconcile: async (_, cancellationToken) =>
        {
            entered.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                cancelled = cancellationToken.IsCancellationRequested;
            }

            return Result.Done;
        });
        await entered.Task.WithinLimit();

        var stopped = runtime.StopAsync();
        await Eventually.IsTrueAsync(() => stopped.IsCompleted, () => _clock.Advance(TimeSpan.FromSeconds(5)));

        cancelled.Should().BeTrue();
        runtime.Logs.Count(125).Should().Be(1);
        runtime.Logs.Lines.Should().NotContain(line => line.Level == LogLevel.Error);
    }

    [Test]
    public async Task Its_series_are_controller_runtimes()
    {
        _server.Store.Create("widgets", A.Json(A.Widget("a")));
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

    private static DelegateController Controller(TestRuntime runtime) => runtime.Get<DelegateController>();

    private Task<TestRuntime> StartAsync(
        Action<ControllerBuilder<Widget>>? wire = null,
        Func<Widget, CancellationToken, Task<Result>>? reconcile = null,
        Action<KubernetesRuntimeOptions>? configure = null) =>
        TestRuntime.StartAsync(
            _server,
            kubernetes => kubernetes.AddController<DelegateController, Widget>(wire, new DelegateController
            {
                Reconcile = reconcile ?? ((widget, _) =>
                {
                    _reconciled.Enqueue(widget.Metadata.Name);
                    return Task.FromResult(Result.Done);
                }),
            }),
            _clock,
            configure);

    private async Task ReconciledAsync(params string[] names)
    {
        await Eventually.IsTrueAsync(() => _reconciled.Count >= names.Length);
        _reconciled.Should().Equal(names);
    }
}
