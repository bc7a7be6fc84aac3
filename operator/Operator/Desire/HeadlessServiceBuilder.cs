using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>
/// The pods' own addresses: for gRPC clients that balance by themselves (a connection carries many calls, and a Service balances connections), and for
/// Prometheus, which reads every pod.
/// </summary>
internal static class HeadlessServiceBuilder
{
    public static V1Service Build(DesireContext context) => new()
    {
        ApiVersion = "v1",
        Kind = V1Service.KubeKind,
        Metadata = Owned.Metadata(context.Model, Names.Headless(context.Model.Metadata.Name)),
        Spec = new()
        {
            ClusterIP = "None",
            Selector = Names.Selector(context.Model.Metadata.Name),
            Ports = [ServiceBuilder.Port(Names.GrpcPort, ServerContract.GrpcPort, "kubernetes.io/h2c"), ServiceBuilder.Port(Names.ManagementPort, ServerContract.ManagementPort, "http")],
        },
    };
}
