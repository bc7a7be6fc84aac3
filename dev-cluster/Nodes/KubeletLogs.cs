using k8s.Models;
using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.Runtime;

namespace Slipway.DevCluster.Nodes;

/// <summary>Serves <c>pods/log</c> from the kubelet's files. The API server starts first, so the kubelet is attached later.</summary>
internal sealed class KubeletLogs : IPodLogs
{
    private volatile Tuple<Kubelet, IObjectStore<V1Pod>>? _node;

    public void Attach(Kubelet kubelet, IObjectStore<V1Pod> pods) => _node = Tuple.Create(kubelet, pods);

    public async Task WriteAsync(PodLogRequest request, Stream destination, CancellationToken cancellationToken)
    {
        var pod = _node?.Item2.Get(new(request.Namespace, request.Pod));
        var logs = pod is null ? null : _node?.Item1.Logs(pod.Metadata.Uid, request.Container);
        var log = request.Previous ? logs?.Previous : logs?.Current;
        if (log is null)
        {
            var kind = request.Previous ? "previous terminated container" : "container";
            throw StatusErrors.BadRequest(request.Previous
                ? $"{kind} \"{request.Container}\" in pod \"{request.Pod}\" not found"
                : $"{kind} \"{request.Container}\" in pod \"{request.Pod}\" is waiting to start: ContainerCreating");
        }

        await LogReader.CopyAsync(log, request, destination, cancellationToken);
    }
}
