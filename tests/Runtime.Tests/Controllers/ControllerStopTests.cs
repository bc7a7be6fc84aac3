using Microsoft.Extensions.Logging;

namespace Slipway.Runtime.Tests;

internal sealed class ControllerStopTests : ControllerTest
{
    [Test]
    public async Task A_stop_lets_the_running_reconcile_end_and_takes_no_other()
    {
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
        Server.Store.Create("widgets", A.Json(A.Widget("b")));
        await using var runtime = await StartAsync(reconcile: async (widget, cancellationToken) =>
        {
            entered.TrySetResult();
            await leave.Task.WaitAsync(cancellationToken);
            Reconciled.Enqueue(widget.Metadata.Name);
            return Result.Done;
        });
        await entered.Task.WithinLimit();

        var stopped = runtime.StopAsync();
        stopped.IsCompleted.Should().BeFalse();
        leave.SetResult();
        await stopped.WithinLimit();

        Reconciled.Should().ContainSingle("one of the two was running, and the other was not begun");
    }

    [Test]
    public async Task A_reconcile_that_outlasts_the_stop_timeout_is_cancelled_and_awaited()
    {
        var entered = new TaskCompletionSource();
        var cancelled = false;
        Server.Store.Create("widgets", A.Json(A.Widget("a")));
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
        await Eventually.IsTrueAsync(() => stopped.IsCompleted, () => Clock.Advance(TimeSpan.FromSeconds(5)));

        cancelled.Should().BeTrue();
        runtime.Logs.Count(125).Should().Be(1);
        runtime.Logs.Lines.Should().NotContain(line => line.Level == LogLevel.Error);
    }
}
