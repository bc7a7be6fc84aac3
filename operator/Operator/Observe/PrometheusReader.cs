using Slipway.Api;
using Slipway.Operator.Monitoring;
using Slipway.Runtime;

namespace Slipway.Operator.Observe;

/// <summary>Which kinds of the Prometheus Operator the cluster has.</summary>
internal readonly record struct PrometheusKinds(bool MonitorsServed, bool RulesServed)
{
    public static readonly PrometheusKinds All = new(true, true);
}

/// <summary>Tells which of these kinds can be written.</summary>
internal sealed class PrometheusReader(IObjectStore<ServiceMonitor> monitors, IObjectStore<PrometheusRule> rules, IApiDiscovery apis)
{
    /// <summary>The APIs that monitoring needs and a cluster may lack.</summary>
    public static readonly string[] OptionalApis = [MonitorsApi, RulesApi];

    private const string MonitorsApi = $"{PrometheusRule.KubeApiVersion}/servicemonitors";
    private const string RulesApi = $"{PrometheusRule.KubeApiVersion}/prometheusrules";

    // An API server that has just started may not list an API yet; what the cache shows is there all the same.
    public PrometheusKinds Read(ModelDeployment model) => new(
        apis.Serves(MonitorsApi) || monitors.OwnedBy(model.Metadata.Uid).Count > 0,
        apis.Serves(RulesApi) || rules.OwnedBy(model.Metadata.Uid).Count > 0);
}
