using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.Nodes.Metrics;

namespace Slipway.DevCluster.Nodes;

/// <summary>Serves what the node measures. The API server starts first, so the meter is attached later.</summary>
internal sealed class KubeletMetrics : IPodMetrics
{
    private volatile PodMeter? _meter;

    public IReadOnlyList<string> Figures => ServerFigures.Names;

    public void Attach(PodMeter meter) => _meter = meter;

    public PodFigure? Figure(string uid, string name) => _meter?.Figure(uid, name);

    public PodUsage? Usage(string uid) => _meter?.Usage(uid);
}
