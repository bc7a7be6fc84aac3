using k8s.Models;
using Slipway.Api;
using Slipway.DevCluster.Nodes.Containers;
using Slipway.DevCluster.Nodes.Metrics;
using Slipway.DevCluster.Nodes.Volumes;

namespace Slipway.DevCluster.Nodes.Pods;

/// <summary>Runs one pod from its binding to the end of its last process, and then removes its object.</summary>
internal sealed class PodWorker
{
    private static readonly TimeSpan RemovalRetry = TimeSpan.FromSeconds(1);

    private readonly NodeServices _node;
    private readonly PodContext _context;
    private readonly PodStop _stop;
    private readonly StatusWriter _status;
    private readonly DateTime _startTime;
    private readonly IReadOnlyList<ContainerWorker> _init;
    private readonly IReadOnlyList<ContainerWorker> _containers;
    private readonly Dictionary<string, ContainerLogs> _logs;
    private volatile V1Pod _pod;
    private volatile bool _ready;
    private volatile bool _ended;
    private volatile bool _gone;
    private bool _finished;
    private volatile Tuple<string, string>? _failure;

    public PodWorker(V1Pod pod, NodeServices node)
    {
        (_pod, _node, _stop) = (pod, node, new(node.Clock));
        _startTime = node.Clock.GetUtcNow().UtcDateTime;
        _status = new(() => _pod, Picture, node.Reporter, node.Clock);
        var address = node.Addresses.Take();
        var directory = Path.Combine(node.Options.RunDirectory, "pods", pod.Metadata.Uid);
        _context = new()
        {
            Pod = pod,
            Address = address,
            Directory = directory,
            Volumes = new(pod, address, directory, node.Objects, node.Options, node.Clock),
            Node = node,
            Changed = _status.Changed,
        };
        var policy = pod.Spec.RestartPolicy ?? "Always";
        _logs = (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers).ToDictionary(container => container.Name, _ => new ContainerLogs());
        _init = [.. (pod.Spec.InitContainers ?? []).Select(container => new ContainerWorker(_context, container, policy == "Always" ? "OnFailure" : policy, _logs[container.Name]))];
        _containers = [.. pod.Spec.Containers.Select(container => new ContainerWorker(_context, container, policy, _logs[container.Name]))];
        foreach (var container in _init.Count > 0 ? _init.Concat(_containers) : [])
        {
            container.Waits("PodInitializing");
        }
    }

    public string Uid => _context.Pod.Metadata.Uid;

    /// <summary>The logs of a container; null means that the pod has none of that name.</summary>
    public ContainerLogs? Logs(string container) => _logs.GetValueOrDefault(container);

    /// <summary>The pod as far as measuring needs it; null while no container of it runs.</summary>
    public RunningPod? Running()
    {
        var processes = new Dictionary<string, int>();
        foreach (var container in _containers)
        {
            if (container.Process is { } process)
            {
                processes.Add(container.Container.Name, process);
            }
        }

        var managed = _containers.Any(container => container.Container.Ports?.Any(port => port.ContainerPort == ServerContract.ManagementPort) == true);
        var metrics = managed ? new Uri($"http://{_context.Address}:{ServerContract.ManagementPort}/metrics") : null;
        return processes.Count == 0 ? null : new(_pod.Metadata.NamespaceProperty, _pod.Metadata.Name, Uid, processes, metrics);
    }

    /// <summary>Takes the pod's newer object.</summary>
    public void Update(V1Pod pod)
    {
        _pod = pod;
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            Ask(TimeSpan.FromSeconds(Math.Max(1, pod.Metadata.DeletionGracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds ?? 30)));
        }

        _status.Changed();
    }

    /// <summary>The object is gone, so the pod has to go at once.</summary>
    public void Removed()
    {
        _gone = true;
        Ask(TimeSpan.FromSeconds(1));
    }

    /// <summary>Ends the pod's processes without hooks, for a node that stops.</summary>
    public void Abandon(TimeSpan grace)
    {
        _gone = true;
        Ask(grace, withHooks: false);
    }

    /// <summary>Brings volumes made from API objects up to date.</summary>
    public async Task RefreshVolumesAsync(CancellationToken cancellationToken)
    {
        if (_ready && !_ended)
        {
            try
            {
                await _context.Volumes.WriteAsync(cancellationToken);
            }
            catch (VolumeMissingException exception)
            {
                // Running containers keep what they have, as under a kubelet.
                _node.Reporter.Event(_pod, null, PodEvent.FailedMount, exception.Message);
            }
        }
    }

    /// <summary>Returns when no process of the pod is left and, if it was deleted, its object is removed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writer = _status.RunAsync(writing.Token);
        try
        {
            _status.Changed();
            var deadline = WatchDeadlineAsync(writing.Token);
            await RunContainersAsync();
            _status.Changed();
            await UntilAskedAsync();
            _ended = true;
        }
        finally
        {
            await writing.CancelAsync();
            await writer.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        await FinishAsync(cancellationToken);
        _node.Addresses.Return(_context.Address);
        if (Directory.Exists(_context.Directory))
        {
            Directory.Delete(_context.Directory, recursive: true);
        }

        lock (_stop)
        {
            _finished = true;
            _stop.Dispose();
        }
    }

    private void Ask(TimeSpan grace, bool withHooks = true)
    {
        lock (_stop)
        {
            if (!_finished)
            {
                _stop.Ask(grace, withHooks);
            }
        }
    }

    private async Task RunContainersAsync()
    {
        if (!await PrepareVolumesAsync())
        {
            return;
        }

        foreach (var container in _init)
        {
            await container.RunAsync(_stop);
            if (container.Snapshot.State.Terminated?.ExitCode != 0)
            {
                return;
            }
        }

        await Task.WhenAll(_containers.Select(container => container.RunAsync(_stop)));
    }

    private async Task<bool> PrepareVolumesAsync()
    {
        while (!_stop.Asked.IsCancellationRequested)
        {
            try
            {
                await _context.Volumes.WriteAsync(_stop.Asked);
                _ready = true;
                _status.Changed();
                return true;
            }
            catch (OperationCanceledException) when (_stop.Asked.IsCancellationRequested)
            {
                return false;
            }
            catch (VolumeMissingException exception)
            {
                _node.Reporter.Event(_pod, null, PodEvent.FailedMount, $"MountVolume.SetUp failed for pod \"{_pod.Metadata.Name}\": {exception.Message}");
            }

            await Quietly(Task.Delay(_node.Options.VolumeRetry, _node.Clock, _stop.Asked));
        }

        return false;
    }

    private async Task WatchDeadlineAsync(CancellationToken cancellationToken)
    {
        if (_context.Pod.Spec.ActiveDeadlineSeconds is { } seconds)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), _node.Clock, cancellationToken);
            if (_containers.Any(container => container.Snapshot.State.Terminated is null))
            {
                _failure = Tuple.Create("DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
                Ask(TimeSpan.FromSeconds(_context.Pod.Spec.TerminationGracePeriodSeconds ?? 30));
            }
        }
    }

    /// <summary>A pod that is done keeps its object, its logs and its address until it is deleted.</summary>
    private Task UntilAskedAsync() => _stop.Asked.IsCancellationRequested ? Task.CompletedTask : Quietly(Task.Delay(Timeout.Infinite, _stop.Asked));

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        while (!_gone && !cancellationToken.IsCancellationRequested)
        {
            if (!await _status.WriteAsync(cancellationToken))
            {
                await Quietly(Task.Delay(RemovalRetry, _node.Clock, cancellationToken));
            }
            else if (_pod.Metadata.DeletionTimestamp is not null)
            {
                await _node.Reporter.RemoveAsync(_pod, cancellationToken);
                return;
            }
            else
            {
                // Ended by its deadline: the object stays until somebody deletes it.
                await Quietly(Task.Delay(RemovalRetry, _node.Clock, cancellationToken));
            }
        }
    }

    private PodPicture Picture() => new()
    {
        Address = _context.Address,
        StartTime = _startTime,
        ReadyToStart = _ready && !_ended,
        Ended = _ended,
        Failure = _failure is { } failure ? (failure.Item1, failure.Item2) : null,
        Init = _init.ToDictionary(container => container.Container.Name, container => container.Snapshot),
        Containers = _containers.ToDictionary(container => container.Container.Name, container => container.Snapshot),
    };

    private static Task Quietly(Task task) =>
        task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
