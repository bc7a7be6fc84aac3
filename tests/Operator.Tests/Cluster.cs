using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Operator.Desire;
using Slipway.Operator.Monitoring;
using Slipway.Operator.Observe;
using Slipway.Operator.Upgrades;
using Slipway.Runtime;

namespace Slipway.Operator.Tests;

/// <summary>What a reconcile reads, as a test puts it there. No server answers.</summary>
internal sealed class Cluster : IApiDiscovery, IDisposable
{
    private readonly HttpClient _client = new(new Silence());

    private readonly ReportReader _reports;

    public Cluster()
    {
        Drift = new(new(_client, TimeProvider.System, NullLogger<ServerWindowReader>.Instance), TimeProvider.System);
        _reports = new(new(_client, NullLogger<ServerStatusReader>.Instance), new(TimeProvider.System), 1, TimeProvider.System);
    }

    public List<V1Deployment> Deployments { get; } = [];

    public List<V1ReplicaSet> ReplicaSets { get; } = [];

    public List<V1Pod> Pods { get; } = [];

    public DriftReader Drift { get; }

    public Observer Observer(UpgradeQueue upgrades) => new(
        new Store<V1Deployment>(Deployments),
        new Store<V1ReplicaSet>(ReplicaSets),
        new Store<V1Pod>(Pods),
        new Store<V1ConfigMap>([]),
        new Store<V1ControllerRevision>([]),
        new ScalerReader(new Store<V2HorizontalPodAutoscaler>([]), new Store<ScaledObject>([]), this),
        new PrometheusReader(new Store<ServiceMonitor>([]), new Store<PrometheusRule>([]), this),
        upgrades,
        _reports,
        Drift,
        TimeProvider.System);

    public bool Serves(string api) => false;

    public void Dispose()
    {
        _reports.Dispose();
        _client.Dispose();
    }

    private sealed class Silence : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new HttpRequestException("refused");
    }
}
