using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Slipway.Runtime;

/// <summary>
/// Campaigns for the lease, renews it, and gives it away or loses it. A renewal that fails is tried again until the deadline; then, or when
/// another candidate is found to hold the lease, the leadership is lost for good, for what was cached and decided since may be stale.
/// </summary>
internal sealed class LeaderElector(
    LeaseCandidate candidate,
    LeaseDeadline deadline,
    LeaderElectionOptions options,
    IEventRecorder events,
    LeaderMetrics metrics,
    TimeProvider clock,
    ILogger<LeaderElector> logger) : ILeadership, ILeaderStatus, IDisposable
{
    /// <summary>Candidates that started together do not ask together.</summary>
    private const double CampaignJitter = 1.2;
    private const double RenewalJitter = 0.2;

    private readonly ObjectKey _lease = new(options.LeaseNamespace, options.LeaseName);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly LeaseHealth _health = new(new(options.LeaseNamespace, options.LeaseName), logger);
    private Task _renewing = Task.CompletedTask;

    public CancellationToken Lost => _lost.Token;

    public bool IsLost { get; private set; }

    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        Log.Campaigning(logger, _lease, options.Identity);
        // A request is not cut short by the stop: one that took the lease without being heard of would block the others.
        while (!await CampaignAsync())
        {
            await Task.Delay(Jittered(CampaignJitter), clock, cancellationToken);
        }

        Log.Leading(logger, options.Identity, _lease);
        metrics.Leads(true);
        events.Normal(
            new V1Lease { ApiVersion = "coordination.k8s.io/v1", Kind = "Lease", Metadata = new() { Name = _lease.Name, NamespaceProperty = _lease.Namespace } },
            "LeaderElection",
            $"{options.Identity} became leader");
        _renewing = RenewAsync();
    }

    public async Task ReleaseAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        if (deadline.Left == TimeSpan.Zero)
        {
            return;
        }

        deadline.End();
        metrics.Leads(false);
        try
        {
            await candidate.ReleaseAsync(CancellationToken.None);
            Log.Released(logger, _lease);
        }
        catch (Exception exception)
        {
            Log.NotReleased(logger, _lease, options.LeaseDuration, exception.Message);
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task<bool> CampaignAsync()
    {
        try
        {
            var attempt = await candidate.TryAsync(CancellationToken.None);
            _health.HeldBy(attempt.Holder, options.Identity);
            if (attempt.Sent is not { } sent)
            {
                return false;
            }

            deadline.Renewed(sent);
            return true;
        }
        catch (Exception exception)
        {
            _health.Bad(exception);
            return false;
        }
    }

    private async Task RenewAsync()
    {
        while (true)
        {
            await PauseAsync();
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            if (await LossAsync() is { } loss)
            {
                await LoseAsync(loss);
                return;
            }
        }
    }

    private async Task PauseAsync()
    {
        var (pause, left) = (Jittered(RenewalJitter), deadline.Left);
        await Task.Delay(pause < left ? pause : left, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Renews once; null means that this process still leads, else why it does not.</summary>
    private async Task<string?> LossAsync()
    {
        // A process that was paused learns here, by its clock, that its time is over; the lease may be another's by now.
        if (deadline.Left is var left && left == TimeSpan.Zero)
        {
            return $"it was not renewed within {options.RenewDeadline}";
        }

        using var end = new CancellationTokenSource(left, clock);
        try
        {
            var attempt = await candidate.TryAsync(end.Token);
            if (attempt.Sent is not { } sent)
            {
                return $"{attempt.Holder} took it";
            }

            if (deadline.Left > TimeSpan.Zero)
            {
                deadline.Renewed(sent);
                _health.Good();
                return null;
            }
        }
        catch (Exception exception)
        {
            _health.Bad(exception);
        }

        return deadline.Left > TimeSpan.Zero ? null : $"it was not renewed within {options.RenewDeadline}";
    }

    private async Task LoseAsync(string why)
    {
        deadline.End();
        metrics.Leads(false);
        Log.LeaseLost(logger, _lease, why);
        IsLost = true;
        await _lost.CancelAsync();
    }

    private TimeSpan Jittered(double most) => options.RetryPeriod * (1 + (Random.Shared.NextDouble() * most));
}
