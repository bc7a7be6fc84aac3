using System.Globalization;
using k8s.Models;
using Slipway.DevCluster.Nodes.Environment;
using Slipway.DevCluster.Nodes.Pods;
using Slipway.DevCluster.Nodes.Probes;
using Slipway.DevCluster.Nodes.Processes;

namespace Slipway.DevCluster.Nodes.Containers;

/// <summary>Runs one container of a pod: image, start, probes, end, and again as the restart policy says.</summary>
internal sealed class ContainerWorker(PodContext context, V1Container container, string restartPolicy, ContainerLogs logs)
{
    private readonly CrashBackoff _crashes = new(context.Node.Options.BackOffBase, context.Node.Options.BackOffCap, context.Node.Options.BackOffReset);
    private readonly CrashBackoff _pulls = new(context.Node.Options.BackOffBase, context.Node.Options.BackOffCap, context.Node.Options.BackOffReset);
    private readonly string _directory = Path.Combine(context.Directory, "containers", container.Name);
    private volatile int _process;
    private volatile ContainerSnapshot _snapshot = ContainerSnapshot.Waiting("ContainerCreating");

    public V1Container Container => container;

    public ContainerSnapshot Snapshot => _snapshot;

    /// <summary>The process of this machine that the container's processes are below of; null while it does not run.</summary>
    public int? Process => _process is > 0 and var id ? id : null;

    public void Waits(string reason) => _snapshot = ContainerSnapshot.Waiting(reason);

    /// <summary>Returns when the container has ended for good, by its policy or because <paramref name="stop"/> asked.</summary>
    public async Task RunAsync(PodStop stop)
    {
        while (!stop.Asked.IsCancellationRequested)
        {
            try
            {
                var image = await ImageAsync(stop.Asked);
                var (exitCode, ran) = await RunOnceAsync(image, stop);
                if (stop.Asked.IsCancellationRequested || restartPolicy == "Never" || (restartPolicy == "OnFailure" && exitCode == 0))
                {
                    return;
                }

                await WaitForRestartAsync(_crashes.Next(ran), stop.Asked);
            }
            catch (ConfigurationException exception)
            {
                WaitFor("CreateContainerConfigError", exception.Message);
                context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.Failed, $"Error: {exception.Message}");
                await DelayAsync(context.Node.Options.VolumeRetry, stop.Asked);
            }
            catch (OperationCanceledException) when (stop.Asked.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<Image> ImageAsync(CancellationToken cancellationToken)
    {
        var images = context.Node.Options.Images;
        while (true)
        {
            if (images.Find(container.Image) is { } image)
            {
                context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.Pulled, $"Container image \"{container.Image}\" already present on machine");
                return image;
            }

            var refusal = images.Refusal(container.Image);
            context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.Failed, $"Failed to pull image \"{container.Image}\": {refusal}");
            WaitFor("ErrImagePull", refusal);
            _pulls.Next(TimeSpan.Zero);
            context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.BackOff, $"Back-off pulling image \"{container.Image}\"");
            // The table never changes while the node runs; the second state is what people see while they read.
            await Task.Delay(TimeSpan.FromSeconds(1), context.Node.Clock, cancellationToken);
            WaitFor("ImagePullBackOff", $"Back-off pulling image \"{container.Image}\": ErrImagePull: {refusal}");
            await Task.Delay(_pulls.Next(TimeSpan.Zero), context.Node.Clock, cancellationToken);
        }
    }

    private async Task<(int ExitCode, TimeSpan Ran)> RunOnceAsync(Image image, PodStop stop)
    {
        var clock = context.Node.Clock;
        var number = _snapshot.ContainerId is null ? 0 : _snapshot.RestartCount + 1;
        var environment = new ContainerEnvironment(context.Pod, context.Address, context.Node.Objects, context.Node.Options.ApiServer).Build(container, image);
        var terminationLog = Path.Combine(_directory, $"termination-log-{number.ToString(CultureInfo.InvariantCulture)}");
        Directory.CreateDirectory(_directory);
        await File.WriteAllTextAsync(terminationLog, "", stop.Asked);
        await using var log = logs.Open(_directory, number, context.Node.Options.LogFileBytes, clock);
        var launch = Launch(image, environment, terminationLog);
        var id = $"slipway://{Guid.NewGuid():N}";
        var startedAt = clock.GetUtcNow().UtcDateTime;
        var since = clock.GetTimestamp();
        using var process = await ContainerProcess.StartAsync(launch, context.Node.Namespaces, log.WriteAsync, clock, stop.Asked);
        context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.Created, $"Created container: {container.Name}");
        context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.Started, $"Started container {container.Name}");
        Set(new()
        {
            State = new() { Running = new() { StartedAt = startedAt } },
            Last = _snapshot.State.Terminated is null ? _snapshot.Last : _snapshot.State,
            RestartCount = number,
            ContainerId = id,
        });

        int exitCode;
        try
        {
            _process = process.Id;
            exitCode = await WatchAsync(process, environment, stop);
        }
        finally
        {
            _process = 0;
        }

        Set(_snapshot with
        {
            Ready = false,
            Started = false,
            State = new()
            {
                Terminated = new()
                {
                    ExitCode = exitCode,
                    Reason = exitCode == 0 ? "Completed" : "Error",
                    Message = TerminationMessage.Read(container, terminationLog, log.Path, exitCode),
                    StartedAt = startedAt,
                    FinishedAt = clock.GetUtcNow().UtcDateTime,
                    ContainerID = id,
                },
            },
        });
        return (exitCode, clock.GetElapsedTime(since));
    }

    private async Task<int> WatchAsync(ContainerProcess process, IReadOnlyDictionary<string, string> environment, PodStop stop)
    {
        var exec = new ContainerExec(process, environment, context.Node.Namespaces);
        var ended = process.WaitAsync(CancellationToken.None);
        using var probing = CancellationTokenSource.CreateLinkedTokenSource(stop.Asked);
        var probes = new ContainerProbes(
            context, container, exec, started => Set(_snapshot with { Started = started }), ready => SetReady(ready)).RunAsync(probing.Token);
        await Task.WhenAny(ended, probes);
        if (!ended.IsCompleted)
        {
            using var grace = stop.Asked.IsCancellationRequested ? null : Grace();
            context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.Killing, stop.Asked.IsCancellationRequested
                ? $"Stopping container {container.Name}"
                : $"Container {container.Name} failed {await probes} probe, will be restarted");
            Set(_snapshot with { Ready = false });
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.TimeIsUp, grace?.Token ?? CancellationToken.None);
            await new ContainerStop(context, container, exec).RunAsync(process, ended, stop.WithHooks, limit.Token);
        }

        await probing.CancelAsync();
        await probes.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return await ended;
    }

    private CancellationTokenSource Grace()
    {
        var seconds = container.LivenessProbe?.TerminationGracePeriodSeconds ?? context.Pod.Spec.TerminationGracePeriodSeconds ?? 30;
        return new(TimeSpan.FromSeconds(seconds), context.Node.Clock);
    }

    private ContainerLaunch Launch(Image image, IReadOnlyDictionary<string, string> environment, string terminationLog)
    {
        string[] entry = container.Command is { Count: > 0 } command ? [.. command] : image.Executable is { } executable ? [executable] : [];
        IEnumerable<string> arguments = container.Args is { Count: > 0 } given ? given : container.Command is { Count: > 0 } ? [] : image.Arguments;
        string[] words = [.. entry.Concat(arguments).Select(word => VariableExpansion.Expand(word, environment))];
        return words.Length == 0
            ? throw new ConfigurationException($"no command specified: the image \"{container.Image}\" has none, and neither has the container")
            : new()
            {
                HostName = context.Pod.Spec.Hostname ?? context.Pod.Metadata.Name,
                Command = words,
                Environment = environment,
                WorkingDirectory = container.WorkingDir ?? "/",
                Mounts = context.Volumes.Mounts(container, terminationLog, image.Executable),
                ReadOnlyRoot = container.SecurityContext?.ReadOnlyRootFilesystem == true,
                StateDirectory = _directory,
            };
    }

    private async Task WaitForRestartAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero)
        {
            return;
        }

        var pod = $"{context.Pod.Metadata.Name}_{context.Pod.Metadata.NamespaceProperty}({context.Pod.Metadata.Uid})";
        var message = $"back-off {Duration(wait)} restarting failed container={container.Name} pod={pod}";
        Set(_snapshot with
        {
            State = new() { Waiting = new() { Reason = "CrashLoopBackOff", Message = message } },
            Last = _snapshot.State,
        });
        context.Node.Reporter.Event(context.Pod, container.Name, PodEvent.BackOff, $"Back-off restarting failed container {container.Name} in pod {pod}");
        await Task.Delay(wait, context.Node.Clock, cancellationToken);
    }

    private Task DelayAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        Task.Delay(wait, context.Node.Clock, cancellationToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static string Duration(TimeSpan wait) => wait < TimeSpan.FromMinutes(1)
        ? $"{wait.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s"
        : $"{(int)wait.TotalMinutes}m{wait.Seconds}s";

    private void SetReady(bool ready)
    {
        if (_snapshot.Ready != ready)
        {
            Set(_snapshot with { Ready = ready });
        }
    }

    private void WaitFor(string reason, string message) => Set(_snapshot with
    {
        State = new() { Waiting = new() { Reason = reason, Message = message } },
        Last = _snapshot.State.Terminated is null ? _snapshot.Last : _snapshot.State,
    });

    private void Set(ContainerSnapshot snapshot)
    {
        _snapshot = snapshot;
        context.Changed();
    }
}
