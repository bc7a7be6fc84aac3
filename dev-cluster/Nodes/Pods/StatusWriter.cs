using System.Threading.Channels;
using k8s;
using k8s.Models;

namespace Slipway.DevCluster.Nodes.Pods;

/// <summary>Writes one pod's status when it changed, one write at a time, the newest state only.</summary>
internal sealed class StatusWriter(Func<V1Pod> pod, Func<PodPicture> picture, IPodReporter reporter, TimeProvider clock)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string _written = "";
    private V1PodStatus? _last;

    public void Changed() => _changes.Writer.TryWrite(true);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _changes.Reader.WaitToReadAsync(cancellationToken))
        {
            _changes.Reader.TryRead(out _);
            if (!await WriteAsync(cancellationToken))
            {
                await Task.Delay(Retry, clock, cancellationToken);
                Changed();
            }
        }
    }

    /// <summary>Writes what is known now unless it was written already. False when the write failed.</summary>
    public async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        var current = pod();
        // The cache may be behind our own last write, and transition times must not move back to it.
        var based = _last is null ? current : new V1Pod { Metadata = current.Metadata, Spec = current.Spec, Status = Merge(current.Status, _last) };
        var status = PodStatusBuilder.Build(based, picture(), clock.GetUtcNow().UtcDateTime);
        var text = KubernetesJson.Serialize(status);
        if (text == _written)
        {
            return true;
        }

        try
        {
            await reporter.WriteStatusAsync(current, status, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or IOException or k8s.Autorest.HttpOperationException)
        {
            return false;
        }

        (_written, _last) = (text, status);
        return true;
    }

    private static V1PodStatus Merge(V1PodStatus? cached, V1PodStatus own) => new()
    {
        QosClass = cached?.QosClass,
        Conditions = [.. own.Conditions, .. (cached?.Conditions ?? []).Where(condition => own.Conditions.All(mine => mine.Type != condition.Type))],
    };
}
