using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class RoleBindingRules
{
    private const string Group = "rbac.authorization.k8s.io";

    public static readonly KindRules Rules = new() { Default = Default, Validate = Validate };

    private static void Default(JsonObject binding)
    {
        binding.Struct("roleRef").Fill("apiGroup", Group);
        foreach (var subject in binding.Objects("subjects"))
        {
            if (subject.Text("kind") is "User" or "Group")
            {
                subject.Fill("apiGroup", Group);
            }
        }
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        // Names of roles and bindings may be any path segment.
        var errors = ObjectMetaValidation.Check(next, _ => []);
        var role = next.Object("roleRef");
        errors.OneOf("roleRef.kind", role.Text("kind"), "ClusterRole", "Role");
        if (role.Text("name").Length == 0)
        {
            errors.Required("roleRef.name");
        }

        if (old is not null && !JsonNode.DeepEquals(role, old["roleRef"]))
        {
            var printed = new JsonObject { ["APIGroup"] = role.Text("apiGroup"), ["Kind"] = role.Text("kind"), ["Name"] = role.Text("name") };
            errors.InvalidPrinted("roleRef", printed.ToJsonString(), "cannot change roleRef");
        }

        return errors;
    }
}
