using k8s.Models;
using Slipway.DevCluster.Nodes.Pods;
using Slipway.DevCluster.Nodes.Probes;

namespace Slipway.DevCluster.Nodes.Containers;

/// <summary>The probes of one run of a container: startup first, then readiness and liveness side by side.</summary>
internal sealed class ContainerProbes(PodContext context, V1Container container, ContainerExec exec, Action<bool> started, Action<bool> ready)
{
    /// <summary>Answers which probe wants the container restarted; otherwise runs until cancelled.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        if (container.StartupProbe is { } startup && !await PassesAsync(startup, cancellationToken))
        {
            return "startup";
        }

        started(true);
        var readiness = container.ReadinessProbe is { } probe
            ? Loop(probe, "Readiness").RunAsync(good => { ready(good); return true; }, cancellationToken)
            : Ready();
        var liveness = container.LivenessProbe is { } living
            ? Loop(living, "Liveness").RunAsync(good => good, cancellationToken)
            : Task.Delay(Timeout.Infinite, cancellationToken);
        // Readiness only ends by cancellation, so the one that ends otherwise is liveness with its failure.
        await await Task.WhenAny(liveness, Forever(readiness, cancellationToken));
        return "liveness";
    }

    private async Task<bool> PassesAsync(V1Probe startup, CancellationToken cancellationToken)
    {
        var passed = false;
        await Loop(startup, "Startup").RunAsync(good => { passed = good; return false; }, cancellationToken);
        return passed;
    }

    private Task Ready()
    {
        ready(true);
        return Task.CompletedTask;
    }

    private static async Task Forever(Task readiness, CancellationToken cancellationToken)
    {
        await readiness;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private ProbeLoop Loop(V1Probe probe, string kind) => new(
        probe,
        new ProbeCheck(probe, container, context.Address, context.Node.Probes, exec, context.Node.Clock).RunAsync,
        message => context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.Unhealthy, $"{kind} probe failed: {message}"),
        context.Node.Clock);
}
