using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.OpenApi;

/// <summary>Writes operations on one resource.</summary>
internal sealed class Operations(ResourceDefinition definition)
{
    private static readonly string[] PatchTypes =
        ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];

    /// <param name="action">What Kubernetes calls it: list, get, post, put, patch, delete, deletecollection.</param>
    /// <param name="component">Name of the component that is answered.</param>
    public JsonObject Operation(string action, IEnumerable<(string Name, string Type, string Description)> parameters, string component)
    {
        JsonObject operation = new()
        {
            ["description"] = $"{action} {definition.Plural}",
            ["operationId"] = $"{action}{definition.Kind}",
            ["parameters"] = new JsonArray([.. parameters.Select(InQuery)]),
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject { ["description"] = "OK", ["content"] = Content(["application/json"], component) },
            },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = Kinds.Of(definition, definition.Kind),
        };
        if (Body(action) is { Length: > 0 } types)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(types, component) };
        }

        return operation;
    }

    private string[] Body(string action) => action switch
    {
        "post" or "put" => ["application/json"],
        "patch" when definition.IsCustom => PatchTypes[..^1],
        "patch" => PatchTypes,
        _ => [],
    };

    private static JsonObject Content(IEnumerable<string> types, string component) => new(
        types.Select(type => KeyValuePair.Create<string, JsonNode?>(type, new JsonObject { ["schema"] = Components.Ref(component) })));

    private static JsonObject InQuery((string Name, string Type, string Description) parameter) => new()
    {
        ["name"] = parameter.Name,
        ["in"] = "query",
        ["description"] = parameter.Description,
        ["schema"] = new JsonObject { ["type"] = parameter.Type, ["uniqueItems"] = true },
    };
}
