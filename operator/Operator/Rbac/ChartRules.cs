using System.Text;
using Slipway.Runtime;

namespace Slipway.Operator.Rbac;

/// <summary>The chart's RBAC rules, made from what the operator's own parts say they ask of the API.</summary>
internal static class ChartRules
{
    /// <summary>Below the root of the repository.</summary>
    public const string Path = "charts/slipway/templates/_rules.tpl";

    private static readonly IReadOnlyList<ResourceAccess> Access = OperatorHost.Access(new() { Kubernetes = new(), Lease = new("any", OperatorHost.UserAgent) });

    /// <summary>Two named templates, each a list of rules: <c>slipway.rules</c> where ModelDeployments are, <c>slipway.leaderElectionRules</c> where the Lease is.</summary>
    public static string Render()
    {
        var text = new StringBuilder("{{/* Generated from the operator's code by ./build.sh generate; do not edit. */}}\n");
        Define(text, "slipway.rules", Access.Where(access => !access.ForLease));
        Define(text, "slipway.leaderElectionRules", Access.Where(access => access.ForLease));
        return text.ToString();
    }

    private static void Define(StringBuilder text, string name, IEnumerable<ResourceAccess> accesses)
    {
        // One rule for all resources of a group that are asked for the same.
        var rules = accesses
            .GroupBy(access => (access.ApiGroup, access.Resource))
            .Select(resource => (resource.Key.ApiGroup, resource.Key.Resource, Verbs: List(resource.SelectMany(access => access.Verbs).Distinct())))
            .GroupBy(resource => (resource.ApiGroup, resource.Verbs))
            .OrderBy(rule => rule.Key.ApiGroup, StringComparer.Ordinal).ThenBy(rule => rule.Key.Verbs, StringComparer.Ordinal);
        text.Append("{{- define \"").Append(name).Append("\" -}}\n");
        foreach (var rule in rules)
        {
            text.Append("- {apiGroups: [").Append(rule.Key.ApiGroup.Length > 0 ? rule.Key.ApiGroup : "\"\"")
                .Append("], resources: ").Append(List(rule.Select(resource => resource.Resource)))
                .Append(", verbs: ").Append(rule.Key.Verbs).Append("}\n");
        }

        text.Append("{{- end }}\n");
    }

    private static string List(IEnumerable<string> words) => $"[{string.Join(", ", words.Order(StringComparer.Ordinal))}]";
}
