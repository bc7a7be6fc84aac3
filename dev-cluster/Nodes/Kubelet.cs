using System.Threading.Channels;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.DevCluster.Nodes.Containers;
using Slipway.DevCluster.Nodes.Metrics;
using Slipway.DevCluster.Nodes.Pods;
using Slipway.Runtime;

namespace Slipway.DevCluster.Nodes;

/// <summary>Runs every pod that is bound to the node, and keeps its volumes fresh.</summary>
internal sealed class Kubelet(
    NodeServices node, Informer<V1Pod> pods, Informer<V1ConfigMap> configMaps, Informer<V1Secret> secrets, Informer<V1Service> services, IInformerSync sync, ILogger<Kubelet> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (PodWorker Worker, Task Run)> _workers = [];
    private readonly Channel<bool> _refresh = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IDisposable> _subscriptions = [];
    private Task _running = Task.CompletedTask;
    private bool _stopping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] runs;
        lock (_gate)
        {
            _stopping = true;
            foreach (var (worker, _) in _workers.Values)
            {
                worker.Abandon(StopGrace);
            }

            runs = [.. _workers.Values.Select(entry => entry.Run)];
        }

        _subscriptions.ForEach(subscription => subscription.Dispose());
        await Task.WhenAll(runs);
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>The logs of a container that the node runs or ran, while its pod's object exists; null when there are none.</summary>
    public ContainerLogs? Logs(string uid, string container)
    {
        lock (_gate)
        {
            return _workers.TryGetValue(uid, out var entry) ? entry.Worker.Logs(container) : null;
        }
    }

    /// <summary>The pods of which a container runs now.</summary>
    public IReadOnlyList<RunningPod> Running() => [.. Workers().Select(worker => worker.Running()).OfType<RunningPod>()];

    private async Task RunAsync()
    {
        try
        {
            await sync.WaitForSyncAsync(_stop.Token);
            _subscriptions.Add(configMaps.Subscribe(_ => _refresh.Writer.TryWrite(true)));
            _subscriptions.Add(secrets.Subscribe(_ => _refresh.Writer.TryWrite(true)));
            _subscriptions.Add(services.Subscribe(_ => _refresh.Writer.TryWrite(true)));
            _subscriptions.Add(pods.Subscribe(Changed));
            await Task.WhenAll(RefreshAsync(_stop.Token), TickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        while (await _refresh.Reader.WaitToReadAsync(cancellationToken))
        {
            _refresh.Reader.TryRead(out _);
            var workers = Workers();
            try
            {
                foreach (var worker in workers)
                {
                    await worker.RefreshVolumesAsync(cancellationToken);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.RefreshFailed(logger, workers.Count, exception.Message);
                await Task.Delay(node.Options.VolumeRetry, node.Clock, cancellationToken);
                _refresh.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Tokens grow old although nothing changes.</summary>
    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RefreshPeriod, node.Clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            _refresh.Writer.TryWrite(true);
        }
    }

    private List<PodWorker> Workers()
    {
        lock (_gate)
        {
            return [.. _workers.Values.Select(entry => entry.Worker)];
        }
    }

    private void Changed(InformerEvent<V1Pod> change)
    {
        var pod = change.Object;
        if (pod.Spec.NodeName != node.Options.Name)
        {
            return;
        }

        lock (_gate)
        {
            var known = _workers.TryGetValue(pod.Metadata.Uid, out var entry);
            if (change.Type == InformerEventType.Deleted)
            {
                entry.Worker?.Removed();
            }
            else if (known)
            {
                entry.Worker.Update(pod);
            }
            else if (!_stopping && pod.Status?.Phase is not ("Succeeded" or "Failed"))
            {
                var worker = new PodWorker(pod, node);
                _workers.Add(pod.Metadata.Uid, (worker, Task.Run(() => RunPodAsync(worker, pod), CancellationToken.None)));
                worker.Update(pod);
            }
        }
    }

    private async Task RunPodAsync(PodWorker worker, V1Pod pod)
    {
        try
        {
            await worker.RunAsync(_stop.Token);
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            Log.PodFailed(logger, pod.Metadata.NamespaceProperty, pod.Metadata.Name, exception);
        }
        finally
        {
            lock (_gate)
            {
                _workers.Remove(worker.Uid);
            }
        }
    }
}
