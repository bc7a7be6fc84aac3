using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Tables;

/// <summary>Objects cut down to their metadata, for clients that want no more.</summary>
internal static class PartialMetadata
{
    /// <summary>A PartialObjectMetadata. Throws a 406 when <paramref name="answer"/> is a list.</summary>
    /// <param name="metaVersion">Version of meta.k8s.io that the client asked for.</param>
    public static JsonObject Of(ResourceDefinition definition, JsonObject answer, string metaVersion) => IsList(answer)
        ? throw NotAcceptable($"you requested PartialObjectMetadata, but the requested object is a list ({GoType(definition, "List")})")
        : Item(answer, metaVersion);

    /// <summary>A PartialObjectMetadataList, whose items are null when there are none. Throws a 406 when <paramref name="answer"/> is no list.</summary>
    public static JsonObject OfList(ResourceDefinition definition, JsonObject answer, string metaVersion) => answer["items"] is JsonArray items
        ? new JsonObject
        {
            ["kind"] = "PartialObjectMetadataList",
            ["apiVersion"] = "meta.k8s.io/" + metaVersion,
            ["metadata"] = ListMetadata(answer),
            ["items"] = items.Count == 0 ? null : new JsonArray([.. items.OfType<JsonObject>().Select(item => Item(item, metaVersion))]),
        }
        : throw NotAcceptable($"you requested PartialObjectMetadataList, but the requested object is not a list ({GoType(definition, "")})");

    public static JsonObject Item(JsonObject obj, string metaVersion) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/" + metaVersion,
        ["metadata"] = obj["metadata"]?.DeepClone() ?? new JsonObject(),
    };

    /// <summary>A list's metadata; the empty continue token that lists of custom resources carry is left out.</summary>
    public static JsonObject ListMetadata(JsonObject list)
    {
        JsonObject metadata = list["metadata"]?.DeepClone().AsObject() ?? [];
        if (metadata["continue"]?.ToString() == "")
        {
            metadata.Remove("continue");
        }

        return metadata;
    }

    public static bool IsList(JsonObject answer) => answer["items"] is JsonArray && answer["kind"]?.ToString().EndsWith("List", StringComparison.Ordinal) == true;

    private static StatusException NotAcceptable(string message) => new(406, "NotAcceptable", message);

    private static string GoType(ResourceDefinition definition, string suffix)
    {
        if (definition.IsCustom)
        {
            return "*unstructured.Unstructured" + suffix;
        }

        string package = definition.Group.Length == 0 ? "core" : definition.Group.Split('.')[0];
        return $"*{package}.{definition.Kind}{suffix}";
    }
}
