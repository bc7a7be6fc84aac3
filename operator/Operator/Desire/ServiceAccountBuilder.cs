using k8s.Models;

namespace Slipway.Operator.Desire;

internal static class ServiceAccountBuilder
{
    /// <summary>Null means the object is not wanted: the user named an account of their own.</summary>
    public static V1ServiceAccount? Build(DesireContext context) => context.Model.Spec.ServiceAccountName.Length > 0 ? null : new()
    {
        ApiVersion = "v1",
        Kind = V1ServiceAccount.KubeKind,
        Metadata = Owned.Metadata(context.Model, context.Model.Metadata.Name),
        AutomountServiceAccountToken = false,
    };
}
