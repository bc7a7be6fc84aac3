namespace Slipway.Runtime.Tests;

internal sealed class ReconcileResultTests : ControllerTest
{
    [Test]
    public async Task A_throw_brings_its_key_back_with_backoff_and_stops_no_other()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("bad")));
        Server.Store.Create("widgets", A.Json(A.Widget("good")));
        await using var runtime = await StartAsync();
        runtime.Logs.Expect(120);
        await Eventually.IsTrueAsync(() => Reconciled.Count == 2);
        Reconciled.Clear();
        var failing = true;
        runtime.Get<DelegateController>().Reconcile = (widget, _) =>
        {
            var fails = failing;
            Reconciled.Enqueue(widget.Metadata.Name);
            return fails ? throw new InvalidOperationException("no luck") : Task.FromResult(Result.Done);
        };

        Server.Store.Update("widgets", "ns", "bad", widget => widget["spec"]!["size"] = 2);
        await ReconciledAsync("bad");
        await Eventually.IsTrueAsync(() => Reconciled.Count == 4, () => Clock.Advance(TimeSpan.FromMilliseconds(5)));
        failing = false;
        await Eventually.IsTrueAsync(() => Reconciled.Count == 5, () => Clock.Advance(TimeSpan.FromMilliseconds(40)));
        Server.Store.Update("widgets", "ns", "good", widget => widget["spec"]!["size"] = 2);

        await Eventually.IsTrueAsync(() => Reconciled.Count == 6);
        Reconciled.Should().Equal("bad", "bad", "bad", "bad", "bad", "good");
        runtime.Logs.Lines.Where(line => line.EventId == 120).Select(line => line.Message).Should().HaveCount(4).And.Contain(message => message.Contains("failure 4 in a row"));
    }

    [Test]
    public async Task A_terminal_exception_waits_for_the_next_change_and_is_said_once()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(reconcile: (widget, _) =>
        {
            Reconciled.Enqueue(widget.Metadata.Name);
            throw new TerminalException("the size must be mended");
        });
        await ReconciledAsync("a");

        // Past any first backoff, and short of the watch's idle timeout.
        Clock.Advance(TimeSpan.FromMinutes(1));
        Server.Store.Update("widgets", "ns", "a", widget => widget["spec"]!["size"] = 2);
        await ReconciledAsync("a", "a");

        await Eventually.IsTrueAsync(() => runtime.Logs.Count(121) == 2);
    }

    [Test]
    public async Task A_conflict_comes_back_soon_without_an_error()
    {
        var conflicts = 1;
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(reconcile: (widget, _) =>
        {
            Reconciled.Enqueue(widget.Metadata.Name);
            return conflicts-- > 0 ? throw new ConflictException("newer") : Task.FromResult(Result.Done);
        });

        await Eventually.IsTrueAsync(() => Reconciled.Count == 2, () => Clock.Advance(TimeSpan.FromMilliseconds(5)));
    }

    [Test]
    public async Task A_result_with_a_delay_comes_back_after_it()
    {
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        await using var runtime = await StartAsync(reconcile: (widget, _) =>
        {
            Reconciled.Enqueue(widget.Metadata.Name);
            return Task.FromResult(Reconciled.Count == 1 ? Result.After(TimeSpan.FromHours(1)) : Result.Done);
        });
        await ReconciledAsync("a");
        await Eventually.IsTrueAsync(() => runtime.Logs.Count(124) == 1);

        Clock.Advance(TimeSpan.FromHours(1));

        await ReconciledAsync("a", "a");
    }
}
