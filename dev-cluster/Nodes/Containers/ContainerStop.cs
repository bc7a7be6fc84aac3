using k8s.Models;
using Slipway.DevCluster.Nodes.Pods;
using Slipway.DevCluster.Nodes.Probes;
using Slipway.DevCluster.Nodes.Processes;

namespace Slipway.DevCluster.Nodes.Containers;

/// <summary>Ends a running container: its preStop hook, SIGTERM, and SIGKILL when its time is up.</summary>
internal sealed class ContainerStop(PodContext context, V1Container container, ContainerExec exec)
{
    /// <summary>Returns when the container has ended. <paramref name="timeIsUp"/> ends its grace.</summary>
    public async Task RunAsync(ContainerProcess process, Task ended, bool withHook, CancellationToken timeIsUp)
    {
        try
        {
            if (withHook && container.Lifecycle?.PreStop is { } hook)
            {
                await HookAsync(hook, timeIsUp);
            }

            await process.SignalAsync(Signals.Terminate, timeIsUp);
            await ended.WaitAsync(timeIsUp);
        }
        catch (OperationCanceledException) when (timeIsUp.IsCancellationRequested)
        {
            await process.SignalAsync(Signals.Kill, CancellationToken.None);
            await ended;
        }
    }

    private async Task HookAsync(V1LifecycleHandler hook, CancellationToken timeIsUp)
    {
        try
        {
            switch (hook)
            {
                case { Sleep: { } sleep }:
                    await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds), context.Node.Clock, timeIsUp);
                    break;
                case { HttpGet: { } get }:
                    using (await context.Node.Probes.GetAsync(ProbeCheck.Address(get, container, context.Address), timeIsUp))
                    {
                        break;
                    }

                case { Exec: { } command } when await exec.RunAsync(command.Command, TimeSpan.FromHours(1), timeIsUp) is { Success: false } result:
                    context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.FailedPreStopHook, $"PreStopHook failed: {result.Message}");
                    break;
            }
        }
        catch (HttpRequestException exception)
        {
            context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.FailedPreStopHook, $"PreStopHook failed: {exception.Message}");
        }
    }
}
