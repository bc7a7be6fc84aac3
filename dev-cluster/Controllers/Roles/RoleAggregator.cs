using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Roles;

/// <summary>Gives a ClusterRole with an aggregation rule the rules of all that it selects.</summary>
internal sealed class RoleAggregator(IKubernetes api, IObjectStore<V1ClusterRole> roles) : IEntityController<V1ClusterRole>
{
    private const string FieldManager = "clusterrole-aggregation-controller";

    public async Task<Result> ReconcileAsync(V1ClusterRole entity, CancellationToken cancellationToken)
    {
        if (entity.AggregationRule?.ClusterRoleSelectors is not { } selectors)
        {
            return Result.Done;
        }

        var rules = roles.List()
            .Where(role => role.Metadata.Name != entity.Metadata.Name && selectors.Any(selector => selector.Matches(role.Metadata.Labels)))
            .OrderBy(role => role.Metadata.Name, StringComparer.Ordinal)
            .SelectMany(role => role.Rules ?? [])
            .DistinctBy(rule => KubernetesJson.Serialize(rule))
            .ToList();
        if (!KubernetesJson.Serialize(rules).Equals(KubernetesJson.Serialize(entity.Rules ?? []), StringComparison.Ordinal))
        {
            await ApiWrite.Of(api.RbacAuthorizationV1.PatchClusterRoleAsync(Applied(entity.Metadata.Name, rules), entity.Metadata.Name, fieldManager: FieldManager, force: true, cancellationToken: cancellationToken));
        }

        return Result.Done;
    }

    private static V1Patch Applied(string name, List<V1PolicyRule> rules)
    {
        var applied = new JsonObject
        {
            ["apiVersion"] = $"{V1ClusterRole.KubeGroup}/{V1ClusterRole.KubeApiVersion}",
            ["kind"] = V1ClusterRole.KubeKind,
            ["metadata"] = new JsonObject { ["name"] = name },
            ["rules"] = JsonNode.Parse(KubernetesJson.Serialize(rules)),
        };
        return new(applied.ToJsonString(), V1Patch.PatchType.ApplyPatch);
    }
}
