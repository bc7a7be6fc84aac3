using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Authentication;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Authorization;

/// <summary>Whether something is allowed, and why; the reason may be empty.</summary>
internal readonly record struct Decision(bool Allowed, string Reason);

/// <summary>A rule that applies to somebody, and the binding that gives it.</summary>
internal readonly record struct GrantedRule(PolicyRule Rule, string Reason);

/// <summary>Decides by the Roles and bindings that are stored at the moment.</summary>
internal sealed class RbacAuthorizer(ObjectStore store)
{
    private const string Group = "rbac.authorization.k8s.io";

    private readonly ObjectTable _clusterBindings = store.Table($"{Group}/clusterrolebindings");
    private readonly ObjectTable _bindings = store.Table($"{Group}/rolebindings");
    private readonly ObjectTable _clusterRoles = store.Table($"{Group}/clusterroles");
    private readonly ObjectTable _roles = store.Table($"{Group}/roles");

    /// <exception cref="StatusException">403 when <paramref name="who"/> may not do it.</exception>
    public void Demand(Identity who, AccessRequest wanted)
    {
        if (Decide(who, wanted) is { Allowed: false } refused)
        {
            throw wanted.Refuse(who.Name, refused.Reason);
        }
    }

    public Decision Decide(Identity who, AccessRequest wanted)
    {
        if (who.IsMaster)
        {
            return new Decision(true, "");
        }

        var faults = new List<string>();
        foreach (var granted in RulesOf(who, wanted.Namespace, faults))
        {
            if (granted.Rule.Allows(wanted))
            {
                return new Decision(true, $"RBAC: allowed by {granted.Reason}");
            }
        }

        return new Decision(false, faults.Count == 0 ? "" : $"RBAC: {Aggregate(faults)}");
    }

    /// <summary>
    /// The rules that apply to somebody in a namespace, or at cluster scope when it is empty. A binding whose role is not there adds to
    /// <paramref name="faults"/> when the enumeration reaches it.
    /// </summary>
    public IEnumerable<GrantedRule> RulesOf(Identity who, string ns, List<string> faults)
    {
        var clusterWide = _clusterBindings.Current.In("").Select(binding => (binding.Value, "ClusterRoleBinding", binding.Key.Name));
        var inside = ns.Length == 0 ? [] : _bindings.Current.In(ns).Select(binding => (binding.Value, "RoleBinding", $"{binding.Key.Name}/{ns}"));
        foreach (var (binding, kind, name) in clusterWide.Concat(inside))
        {
            if (Subject(binding, who) is not { } subject)
            {
                continue;
            }

            var reference = binding.Object("roleRef");
            if (RulesOf(reference, ns) is not { } rules)
            {
                faults.Add($"{reference.Text("kind").ToLowerInvariant()}.{Group} \"{reference.Text("name")}\" not found");
                continue;
            }

            var reason = $"{kind} \"{name}\" of {reference.Text("kind")} \"{reference.Text("name")}\" to {subject}";
            foreach (var rule in rules)
            {
                yield return new GrantedRule(rule, reason);
            }
        }
    }

    /// <summary>The rules of the role that a binding in <paramref name="ns"/> refers to; null when it is not there.</summary>
    public IReadOnlyList<PolicyRule>? RulesOf(JsonObject? reference, string ns)
    {
        var name = reference.Text("name");
        var role = reference.Text("kind") == "ClusterRole" ? _clusterRoles.Find(new ObjectKey("", name)) : _roles.Find(new ObjectKey(ns, name));
        return role is null ? null : PolicyRule.Of(role.Value);
    }

    /// <summary>Several sentences as Kubernetes joins them.</summary>
    public static string Aggregate(IReadOnlyList<string> faults) =>
        faults.Distinct(StringComparer.Ordinal).ToList() is [var only] ? only : $"[{string.Join(", ", faults.Distinct(StringComparer.Ordinal))}]";

    /// <summary>The subject of a binding that somebody is, in words; null when none.</summary>
    private static string? Subject(JsonObject binding, Identity who)
    {
        foreach (var subject in binding.Objects("subjects"))
        {
            var (kind, name) = (subject.Text("kind"), subject.Text("name"));
            var ns = subject.Text("namespace") is { Length: > 0 } given ? given : binding.MetaText("namespace");
            var isMeant = kind switch
            {
                "User" => who.Name == name,
                "Group" => who.Groups.Contains(name),
                "ServiceAccount" => ns.Length > 0 && who.Name == $"{Identity.ServiceAccountPrefix}{ns}:{name}",
                _ => false,
            };
            if (isMeant)
            {
                return kind == "ServiceAccount" ? $"ServiceAccount \"{name}/{ns}\"" : $"{kind} \"{name}\"";
            }
        }

        return null;
    }
}
