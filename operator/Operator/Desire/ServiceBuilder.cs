using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

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
            Ports =
            [
                new V1ServicePort
                {
                    Name = Names.HttpPort,
                    Port = ServerContract.HttpPort,
                    Protocol = "TCP",
                    TargetPort = Names.HttpPort,
                    AppProtocol = "http",
                },
            ],
        },
    };
}
