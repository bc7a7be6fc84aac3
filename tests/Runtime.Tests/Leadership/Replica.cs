using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

/// <summary>
/// One process of an operator, with a clock of its own: while the clock stands still the process is paused. Its name is its identity and the
/// field manager of its writes. Its controller copies each Widget's size into the status.
/// </summary>
internal sealed class Replica : IAsyncDisposable
{
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(90);
    public static readonly TimeSpan RenewDeadline = TimeSpan.FromSeconds(60);

    private readonly MetricReader _metrics;
    private int _looks;

    private Replica(TestRuntime runtime, FakeTimeProvider clock)
    {
        Runtime = runtime;
        Clock = clock;
        _metrics = new(runtime.Get<IMeterFactory>());
    }

    public TestRuntime Runtime { get; }

    public FakeTimeProvider Clock { get; }

    public bool Leads => _metrics.Read()["leader_election_master_status{name=op}"] == 1;

    public bool IsLost => Runtime.Get<ILeaderStatus>().IsLost;

    public bool IsStopping => Runtime.Get<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    public static async Task<Replica> StartAsync(
        FakeApiServer server, string name, DateTimeOffset? now = null, Func<Widget, IStatusWriter, CancellationToken, Task>? reconcile = null)
    {
        var clock = new FakeTimeProvider(now ?? new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var writer = new TaskCompletionSource<IStatusWriter>();
        var controller = new DelegateController
        {
            Reconcile = async (widget, cancellationToken) =>
            {
                await (reconcile ?? CopyAsync)(widget, await writer.Task, cancellationToken);
                return Result.Done;
            },
        };
        var runtime = await TestRuntime.StartAsync(
            server,
            kubernetes =>
            {
                kubernetes.AddController<DelegateController, Widget>(null, controller);
                kubernetes.AddLeaderElection(election =>
                {
                    (election.LeaseNamespace, election.LeaseName, election.Identity) = ("sys", "op", name);
                    (election.LeaseDuration, election.RenewDeadline) = (LeaseDuration, RenewDeadline);
                });
            },
            clock,
            options => options.FieldManager = name);
        writer.SetResult(runtime.Get<IStatusWriter>());
        return new(runtime, clock);
    }

    public static Task CopyAsync(Widget widget, IStatusWriter writer, CancellationToken cancellationToken) =>
        writer.WriteAsync(widget, new WidgetStatus { Phase = $"{widget.Spec!.Size}" }, cancellationToken);

    /// <summary>Waits for the condition and lets this replica's time pass meanwhile, slowly enough for its requests to be answered.</summary>
    public Task PassUntilAsync(Func<bool> condition, int secondsAtOnce = 1) => Eventually.IsTrueAsync(condition, () =>
    {
        if (++_looks % 10 == 0)
        {
            Clock.Advance(TimeSpan.FromSeconds(secondsAtOnce));
        }
    });

    public Task UntilLeadsAsync() => Eventually.IsTrueAsync(() => Leads);

    /// <summary>Expects that this replica loses the lease.</summary>
    public void ExpectLoss() => Runtime.Logs.Expect(185);

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        await Runtime.DisposeAsync();
    }
}
