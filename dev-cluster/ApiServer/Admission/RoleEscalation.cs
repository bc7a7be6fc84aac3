using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Authorization;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Admission;

/// <summary>Nobody gives rights by a role or a binding that they do not have themselves, unless they may <c>escalate</c> or <c>bind</c> it.</summary>
internal sealed class RoleEscalation(RbacAuthorizer authorizer) : IAdmission
{
    private const string Group = "rbac.authorization.k8s.io";

    public void Admit(ObjectRequest request, JsonObject next, JsonObject? live)
    {
        if (request.User.IsMaster || request.Definition.Group != Group)
        {
            return;
        }

        string[] granting = request.Definition.Kind is "Role" or "ClusterRole" ? ["rules", "aggregationRule"] : ["roleRef", "subjects"];
        if (live is not null && granting.All(field => JsonNode.DeepEquals(next[field], live[field])))
        {
            return;
        }

        if (request.Definition.Kind is "Role" or "ClusterRole")
        {
            AdmitRole(request, next);
        }
        else
        {
            AdmitBinding(request, next);
        }
    }

    private void AdmitRole(ObjectRequest request, JsonObject role)
    {
        if (IsAllowed(request, "escalate", request.Definition.Plural, role.Name()))
        {
            return;
        }

        if (role["aggregationRule"] is not null && Missing(request, [Everything(), EveryPath()]).Count > 0)
        {
            throw StatusErrors.Forbidden(request.Definition, role.Name(), "must have cluster-admin privileges to use the aggregationRule");
        }

        Confirm(request, role, PolicyRule.Of(role));
    }

    private void AdmitBinding(ObjectRequest request, JsonObject binding)
    {
        var reference = binding.Object("roleRef");
        var (kind, name) = (reference.Text("kind"), reference.Text("name"));
        if (IsAllowed(request, "bind", kind == "ClusterRole" ? "clusterroles" : "roles", name))
        {
            return;
        }

        var resource = kind.ToLowerInvariant();
        var rules = authorizer.RulesOf(reference, request.Namespace) ?? throw new StatusException(
            404, "NotFound", $"{resource}.{Group} \"{name}\" not found", new JsonObject { ["name"] = name, ["group"] = Group, ["kind"] = resource });
        Confirm(request, binding, rules);
    }

    private bool IsAllowed(ObjectRequest request, string verb, string resource, string name) =>
        authorizer.Decide(request.User, new() { Verb = verb, Group = Group, Resource = resource, Name = name, Namespace = request.Namespace }).Allowed;

    private void Confirm(ObjectRequest request, JsonObject next, IReadOnlyList<PolicyRule> granted)
    {
        var missing = Missing(request, granted);
        if (missing.Count > 0)
        {
            var groups = string.Join(' ', request.User.Groups.Select(group => $"\"{group}\""));
            throw StatusErrors.Forbidden(
                request.Definition,
                next.Name(),
                $"user \"{request.User.Name}\" (groups=[{groups}]) is attempting to grant RBAC permissions not currently held:\n"
                + string.Join('\n', Compact(missing).Select(rule => rule.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));
        }
    }

    /// <summary>What of the rules the sender does not have, in rules about one thing each.</summary>
    private List<PolicyRule> Missing(ObjectRequest request, IReadOnlyList<PolicyRule> granted)
    {
        var held = authorizer.RulesOf(request.User, request.Namespace, []).Select(rule => rule.Rule).ToList();
        return [.. granted.SelectMany(rule => rule.Split()).Where(single => !held.Any(own => own.Covers(single)))];
    }

    /// <summary>Rules that differ in nothing but their verb become one.</summary>
    private static IEnumerable<PolicyRule> Compact(IEnumerable<PolicyRule> singles) => singles
        .GroupBy(rule => string.Join('\n', [.. rule.Groups, "", .. rule.Resources, "", .. rule.Names, "", .. rule.Paths]), StringComparer.Ordinal)
        .Select(same => same.First() with { Verbs = [.. same.SelectMany(rule => rule.Verbs).Distinct(StringComparer.Ordinal)] });

    private static PolicyRule Everything() => new() { Verbs = [PolicyRule.Any], Groups = [PolicyRule.Any], Resources = [PolicyRule.Any] };

    private static PolicyRule EveryPath() => new() { Verbs = [PolicyRule.Any], Paths = [PolicyRule.Any] };
}
