using k8s;
using k8s.Models;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>
/// A node for clusters whose pods need not run: a bound pod is Ready at once, one whose image is named <c>broken</c> never is, and a terminating
/// pod is gone.
/// </summary>
internal sealed class InstantNode : IAsyncDisposable
{
    private const string Name = "instant";
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private readonly Kubernetes _client;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private int _address;

    private InstantNode(Kubernetes client)
    {
        _client = client;
        _running = RunAsync(_stopping.Token);
    }

    public static async Task<InstantNode> StartAsync(Kubernetes client, CancellationToken cancellationToken)
    {
        var room = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("1000"), ["memory"] = new("1Ti"), ["pods"] = new("1000") };
        var node = await client.CoreV1.CreateNodeAsync(new() { Metadata = new() { Name = Name } }, cancellationToken: cancellationToken);
        node.Status = new() { Capacity = room, Allocatable = room, Conditions = [new() { Type = "Ready", Status = "True", Reason = "KubeletReady" }] };
        await client.CoreV1.ReplaceNodeStatusAsync(node, Name, cancellationToken: cancellationToken);
        return new(client);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _client.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var pods = await _client.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: $"spec.nodeName={Name}", cancellationToken: cancellationToken);
                await Task.WhenAll(pods.Items.Select(pod => LookAfterAsync(pod, cancellationToken)));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task LookAfterAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            await _client.CoreV1.DeleteNamespacedPodAsync(pod.Metadata.Name, pod.Metadata.NamespaceProperty, gracePeriodSeconds: 0, cancellationToken: cancellationToken);
        }
        else if (pod.Status?.ContainerStatuses is not { Count: > 0 })
        {
            var patch = new V1Patch(new { status = Status(pod) }, V1Patch.PatchType.MergePatch);
            await _client.CoreV1.PatchNamespacedPodStatusAsync(patch, pod.Metadata.Name, pod.Metadata.NamespaceProperty, cancellationToken: cancellationToken);
        }
    }

    private V1PodStatus Status(V1Pod pod)
    {
        var (image, number) = (pod.Spec.Containers[0].Image, Interlocked.Increment(ref _address));
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var works = !image.Contains("broken", StringComparison.Ordinal);
        return new()
        {
            Phase = works ? "Running" : "Pending",
            PodIP = $"127.77.{number / 250}.{(number % 250) + 1}",
            StartTime = now,
            Conditions = [new() { Type = "Ready", Status = works ? "True" : "False", LastTransitionTime = now }],
            ContainerStatuses =
            [
                new()
                {
                    Name = pod.Spec.Containers[0].Name,
                    Image = image,
                    ImageID = "",
                    Ready = works,
                    Started = works,
                    State = works ? new() { Running = new() { StartedAt = now } } : new() { Waiting = new() { Reason = "ImagePullBackOff", Message = "no such image" } },
                },
            ],
        };
    }
}
