using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Says everything that is wrong with a CustomResourceDefinition, in the API server's words and order.</summary>
internal static class DefinitionValidation
{
    /// <summary>
    /// <paramref name="crd"/> has its defaults; <paramref name="old"/> is null on create. Throws a <see cref="StatusException"/> with 501 for what
    /// Kubernetes takes and this server does not do.
    /// </summary>
    public static IReadOnlyList<FieldError> Validate(JsonObject crd, JsonObject? old)
    {
        var spec = crd["spec"] as JsonObject ?? [];
        List<FieldError> errors = [];
        DefinitionNames.CheckObjectName(crd, spec, errors);
        if (old is not null)
        {
            CheckChange(spec, old, errors);
        }
        DefinitionNames.CheckGroupAndScope(spec, errors);
        var versions = spec["versions"] as JsonArray ?? [];
        DefinitionVersions.Check(spec, versions, errors);
        foreach (var part in DefinitionPart.Of(versions, "schema", "validation"))
        {
            CheckSchema(part, versions, spec, errors);
        }
        DefinitionSubresources.Check(versions, errors);
        DefinitionNames.Check(spec, errors);
        DefinitionVersions.CheckStored(crd, versions, errors);
        return errors;
    }

    private static void CheckSchema(DefinitionPart part, JsonArray versions, JsonObject spec, List<FieldError> errors)
    {
        if (part.Value?["openAPIV3Schema"] is not JsonObject schema)
        {
            for (var i = 0; i < versions.Count && part.IsShared; i++)
            {
                errors.Add(Cause.Required($"spec.versions[{i}].schema.openAPIV3Schema"));
            }
            if (!part.IsShared)
            {
                errors.Add(Cause.Required(part.Path + ".openAPIV3Schema"));
            }
            return;
        }
        SchemaValidation.Check(schema, part.Path + ".openAPIV3Schema", errors);
        if (spec["preserveUnknownFields"]?.GetValueKind() == JsonValueKind.True)
        {
            errors.Add(Cause.Invalid("spec.preserveUnknownFields", "true",
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"));
        }
    }

    private static void CheckChange(JsonObject spec, JsonObject old, List<FieldError> errors)
    {
        var before = old["spec"] as JsonObject ?? [];
        if (DefinitionStatus.IsEstablished(old))
        {
            Immutable("spec.scope", spec["scope"], before["scope"]);
            Immutable("spec.names.kind", spec["names"]?["kind"], before["names"]?["kind"]);
        }
        Immutable("spec.group", spec["group"], before["group"]);
        Immutable("spec.names.plural", spec["names"]?["plural"], before["names"]?["plural"]);

        void Immutable(string field, JsonNode? now, JsonNode? then)
        {
            if (!JsonNode.DeepEquals(now, then))
            {
                errors.Add(Cause.Invalid(field, GoText.Value(now), "field is immutable"));
            }
        }
    }
}
