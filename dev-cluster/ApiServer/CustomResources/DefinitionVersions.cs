using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>The list of versions: names, one storage version, what was ever stored, and conversion between them.</summary>
internal static class DefinitionVersions
{
    private static readonly string[] Parts = ["Schema", "Subresources", "AdditionalPrinterColumns", "SelectableFields"];

    public static void Check(JsonObject spec, JsonArray versions, List<FieldError> errors)
    {
        for (var i = 0; i < versions.Count; i++)
        {
            var name = Name(versions[i]);
            DefinitionNames.CheckLabel($"spec.versions[{i}].name", name, name, errors);
        }
        if (versions.Select(Name).Distinct(StringComparer.Ordinal).Count() < versions.Count)
        {
            errors.Add(Cause.Invalid("spec.versions", Print(versions), "must contain unique version names"));
        }
        if (versions.Count(IsStorage) != 1)
        {
            errors.Add(Cause.Invalid("spec.versions", Print(versions), "must have exactly one version marked as storage version"));
        }
        var strategy = spec["conversion"]?["strategy"] is JsonValue value && value.TryGetValue(out string? text) ? text : "None";
        if (strategy == "Webhook")
        {
            throw new StatusException(501, "NotImplemented",
                "spec.conversion.strategy Webhook is not supported by this server; use None and keep the versions' schemas compatible");
        }
        if (strategy != "None")
        {
            errors.Add(Cause.NotSupported("spec.conversion.strategy", GoText.Quote(strategy), ["None", "Webhook"]));
        }
    }

    public static void CheckStored(JsonObject crd, JsonArray versions, List<FieldError> errors)
    {
        var stored = crd["status"]?["storedVersions"] as JsonArray;
        if (stored is null or { Count: 0 })
        {
            errors.Add(Cause.Invalid("status.storedVersions", GoText.Json(stored), "must have at least one stored version"));
            return;
        }
        var names = stored.Select(version => version?.GetValue<string>() ?? "").ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            if (!versions.Any(version => Name(version) == names[i]))
            {
                errors.Add(Cause.Invalid($"status.storedVersions[{i}]", GoText.Quote(names[i]), "must appear in spec.versions"));
            }
        }
        if (versions.FirstOrDefault(IsStorage) is { } storage && !names.Contains(Name(storage)))
        {
            errors.Add(Cause.Invalid("status.storedVersions", GoText.Json(stored), $"must have the storage version {Name(storage)}"));
        }
    }

    public static string Name(JsonNode? version) => version?["name"] is JsonValue value && value.TryGetValue(out string? name) ? name : "";

    public static bool IsStorage(JsonNode? version) => version?["storage"]?.GetValueKind() == JsonValueKind.True;

    // The list as the server holds it: parts that all versions share have been moved out.
    private static string Print(JsonArray versions) => versions.Count == 0 ? "null" : $"[{string.Join(',', versions.Select(version => Print(versions, version)))}]";

    private static string Print(JsonArray versions, JsonNode? version)
    {
        var parts = Parts.Select(part =>
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(part);
            return $"\"{part}\":{(DefinitionPart.Of(versions, name, name)[0].IsShared ? "null" : GoText.Json(version?[name]))}";
        });
        return $"{{\"Name\":{GoText.Json(version?["name"])},\"Served\":{GoText.Json(version?["served"] ?? false)},\"Storage\":{GoText.Json(version?["storage"] ?? false)},"
            + $"\"Deprecated\":{GoText.Json(version?["deprecated"] ?? false)},\"DeprecationWarning\":{GoText.Json(version?["deprecationWarning"])},{string.Join(',', parts)}}}";
    }
}
