using k8s.Models;

namespace Slipway.Api.Tests;

/// <summary>Valid objects; a test states only what it is about.</summary>
internal static class A
{
    public static ModelDeployment Model(
        string name = "fraud-detector",
        string uri = "s3://acme-models/fraud-detector",
        string version = "7",
        string digest = "",
        int replicas = 2,
        ServerSpec? server = null,
        AutoscalingSpec? autoscaling = null,
        NetworkPolicySpec? networkPolicy = null,
        RolloutSpec? rollout = null,
        MonitoringSpec? monitoring = null) => new()
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "payments", Uid = "uid-1", Generation = 3 },
            Spec = new()
            {
                Model = new() { Uri = uri, Version = version, Digest = digest },
                Replicas = replicas,
                Server = server,
                Autoscaling = autoscaling,
                NetworkPolicy = networkPolicy,
                Rollout = rollout,
                Monitoring = monitoring,
            },
        };

    /// <summary>One to ten pods at 70 percent of their CPU.</summary>
    public static AutoscalingSpec Autoscaling(int min = 1, int max = 10, string engine = "HPA", KedaSpec? keda = null, params (string Type, int Target)[] metrics) => new()
    {
        MinReplicas = min,
        MaxReplicas = max,
        Engine = engine,
        Metrics = [.. (metrics.Length > 0 ? metrics : [("Cpu", 70)]).Select(metric => new MetricSpec { Type = metric.Type, Target = metric.Target })],
        Keda = keda,
    };
}
