using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>The address that clients use: REST and gRPC, balanced by connection.</summary>
internal static class ServiceBuilder
{
    public static V1Service Build(DesireContext context) => new()
    {
        ApiVersion = "v1",
        Kind = V1Service.KubeKind,
        Metadata = Owned.Metadata(context.Model, context.Model.Metadata.Name),
        Spec = new()
        {
            Selector = Names.Selector(context.Model.Metadata.Name),
            Ports = [Port(Names.HttpPort, ServerContract.HttpPort, "http"), Port(Names.GrpcPort, ServerContract.GrpcPort, "kubernetes.io/h2c")],
        },
    };

    public static V1ServicePort Port(string name, int port, string appProtocol) =>
        new() { Name = name, Port = port, Protocol = "TCP", TargetPort = name, AppProtocol = appProtocol };
}
