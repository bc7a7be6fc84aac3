using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>Metadata that every child carries: name, namespace, labels and the controller reference that lets Kubernetes collect it.</summary>
internal static class Owned
{
    public static V1ObjectMeta Metadata(ModelDeployment model, string name) => new()
    {
        Name = name,
        NamespaceProperty = model.Metadata.NamespaceProperty,
        Labels = Names.Labels(model),
        OwnerReferences =
        [
            new V1OwnerReference
            {
                ApiVersion = model.ApiVersion,
                Kind = model.Kind,
                Name = model.Metadata.Name,
                Uid = model.Metadata.Uid,
                Controller = true,
                BlockOwnerDeletion = true,
            },
        ],
    };
}
