using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Kinds;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>What the kind CustomResourceDefinition adds to the common handling of objects.</summary>
internal static class CustomResourceDefinitionRules
{
    public static KindRules Rules { get; } = new()
    {
        Default = Default,
        PrepareForCreate = crd => crd["status"] = DefinitionStatus.Fresh(crd),
        PrepareForUpdate = (next, old) =>
        {
            if (next["status"] is JsonObject status)
            {
                status["storedVersions"] = DefinitionStatus.StoredVersions(next, status["storedVersions"] as JsonArray);
            }
        },
        Validate = DefinitionValidation.Validate,
    };

    private static void Default(JsonObject crd)
    {
        if (crd["spec"] is not JsonObject spec)
        {
            return;
        }
        if (spec["names"] is JsonObject names && names["kind"] is JsonValue value && value.TryGetValue(out string? kind) && kind.Length > 0)
        {
            names.FillUnset("singular", kind.ToLowerInvariant());
            names.FillUnset("listKind", kind + "List");
        }
        spec.FillUnset("conversion", new JsonObject { ["strategy"] = "None" });
    }
}
