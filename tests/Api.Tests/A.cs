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
        RolloutSpec? rollout = null,
        MonitoringSpec? monitoring = null) => new()
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "payments", Uid = "uid-1", Generation = 3 },
            Spec = new()
            {
                Model = new() { Uri = uri, Version = version, Digest = digest },
                Replicas = replicas,
                Server = server,
                Rollout = rollout,
                Monitoring = monitoring,
            },
        };
}
