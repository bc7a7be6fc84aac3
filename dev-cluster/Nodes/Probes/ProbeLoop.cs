using k8s.Models;

namespace Slipway.DevCluster.Nodes.Probes;

/// <summary>Repeats one probe and counts: its owner is told each time a threshold is reached.</summary>
internal sealed class ProbeLoop(V1Probe probe, Func<CancellationToken, Task<ProbeResult>> check, Action<string> failed, TimeProvider clock)
{
    /// <summary>Runs until <paramref name="decided"/> answers false, or until cancelled.</summary>
    public async Task RunAsync(Func<bool, bool> decided, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0), clock, cancellationToken);
        var period = TimeSpan.FromSeconds(Math.Max(1, probe.PeriodSeconds ?? 10));
        int successes = 0, failures = 0;
        while (true)
        {
            var result = await check(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            (successes, failures) = result.Success ? (successes + 1, 0) : (0, failures + 1);
            if (!result.Success)
            {
                failed(result.Message);
            }

            var reached = result.Success ? successes >= (probe.SuccessThreshold ?? 1) : failures >= (probe.FailureThreshold ?? 3);
            if (reached && !decided(result.Success))
            {
                return;
            }

            await Task.Delay(period, clock, cancellationToken);
        }
    }
}
