using Slipway.Api;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Desire;

/// <summary>Has Prometheus read the metrics of a model's pods.</summary>
internal static class ServiceMonitorBuilder
{
    // The shortest window of a rule holds two of them, without which nothing can be said to have grown.
    private const string Interval = "30s";

    /// <summary>Null means the object is not wanted.</summary>
    public static ServiceMonitor? Build(DesireContext context) => context.Model.Spec.Monitoring is not { } monitoring ? null : new()
    {
        Metadata = Owned.Monitoring(context.Model, monitoring),
        Spec = new()
        {
            // Of the model's Services one alone has the port, so that no pod is read twice.
            Selector = new() { MatchLabels = new Dictionary<string, string> { [Names.ModelLabel] = context.Model.Metadata.Name } },
            Endpoints = [new() { Port = Names.ManagementPort, Path = ServerContract.MetricsPath, Interval = Interval }],
        },
    };
}
