using k8s.Models;

namespace Slipway.Operator.Desire;

internal static class PodDisruptionBudgetBuilder
{
    /// <summary>Null means the object is not wanted: with one replica at the most a budget would block every drain of a node.</summary>
    public static V1PodDisruptionBudget? Build(DesireContext context) => context.Replicas.Most < 2 ? null : new()
    {
        ApiVersion = "policy/v1",
        Kind = V1PodDisruptionBudget.KubeKind,
        Metadata = Owned.Metadata(context.Model, context.Model.Metadata.Name),
        Spec = new()
        {
            MaxUnavailable = 1,
            UnhealthyPodEvictionPolicy = "AlwaysAllow",
            Selector = new() { MatchLabels = Names.Selector(context.Model.Metadata.Name) },
        },
    };
}
