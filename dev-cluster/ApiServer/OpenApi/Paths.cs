using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.OpenApi;

/// <summary>The paths of a resource with their operations. Clients look here for the parameters that a write takes.</summary>
internal static class Paths
{
    private static readonly (string Name, string Type, string Description)[] ReadParameters =
    [
        ("resourceVersion", "string", "Version that the answer must at least, or exactly, be of."),
    ];

    private static readonly (string Name, string Type, string Description)[] ListParameters =
    [
        ("allowWatchBookmarks", "boolean", "Whether a watch may carry bookmarks."),
        ("continue", "string", "Token of the page before."),
        ("fieldSelector", "string", "Keeps objects whose fields have these values."),
        ("labelSelector", "string", "Keeps objects that have these labels."),
        ("limit", "integer", "Most objects to answer at once."),
        ("resourceVersion", "string", "Version that the answer must at least, or exactly, be of."),
        ("resourceVersionMatch", "string", "How the version is meant: Exact or NotOlderThan."),
        ("sendInitialEvents", "boolean", "Whether a watch begins with what there is."),
        ("timeoutSeconds", "integer", "Seconds after which a watch ends."),
        ("watch", "boolean", "Whether to follow changes instead of listing."),
    ];

    private static readonly (string Name, string Type, string Description)[] WriteParameters =
    [
        ("dryRun", "string", "All: answers as if, and stores nothing."),
        ("fieldManager", "string", "Name under which the written fields are noted."),
        ("fieldValidation", "string", "What unknown and duplicate fields are: Ignore, Warn or Strict."),
    ];

    private static readonly (string Name, string Type, string Description)[] PatchParameters =
        [.. WriteParameters, ("force", "boolean", "Whether an apply takes fields that others own.")];

    private static readonly (string Name, string Type, string Description)[] DeleteParameters =
    [
        ("dryRun", "string", "All: answers as if, and deletes nothing."),
        ("gracePeriodSeconds", "integer", "Seconds until the object is removed; 0 is at once."),
        ("propagationPolicy", "string", "What becomes of dependents: Background, Foreground or Orphan."),
    ];

    /// <param name="kind">Name of the kind's component.</param>
    /// <param name="list">Name of its list's component.</param>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Of(ResourceDefinition definition, string kind, string list)
    {
        string root = definition.Group.Length == 0 ? $"/api/{definition.Version}" : $"/apis/{definition.Group}/{definition.Version}";
        string collection = definition.Namespaced ? $"{root}/namespaces/{{namespace}}/{definition.Plural}" : $"{root}/{definition.Plural}";
        Operations on = new(definition);
        yield return KeyValuePair.Create<string, JsonNode?>(collection, Item(definition.Namespaced, named: false, new JsonObject
        {
            ["get"] = on.Operation("list", ListParameters, list),
            ["post"] = on.Operation("post", WriteParameters, kind),
            ["delete"] = definition.Verbs.Contains("deletecollection") ? on.Operation("deletecollection", DeleteParameters, kind) : null,
        }));
        yield return KeyValuePair.Create<string, JsonNode?>(collection + "/{name}", Item(definition.Namespaced, named: true, new JsonObject
        {
            ["get"] = on.Operation("get", ReadParameters, kind),
            ["put"] = on.Operation("put", WriteParameters, kind),
            ["patch"] = on.Operation("patch", PatchParameters, kind),
            ["delete"] = on.Operation("delete", DeleteParameters, kind),
        }));
        if (definition.Namespaced)
        {
            yield return KeyValuePair.Create<string, JsonNode?>($"{root}/{definition.Plural}", new JsonObject { ["get"] = on.Operation("list", ListParameters, list) });
        }
    }

    private static JsonObject Item(bool namespaced, bool named, JsonObject operations)
    {
        JsonArray parameters = [];
        if (named)
        {
            parameters.Add(InPath("name", "Name of the object."));
        }

        if (namespaced)
        {
            parameters.Add(InPath("namespace", "Namespace of the object."));
        }

        foreach (string absent in operations.Where(pair => pair.Value is null).Select(pair => pair.Key).ToArray())
        {
            operations.Remove(absent);
        }

        operations["parameters"] = parameters;
        return operations;
    }

    private static JsonObject InPath(string name, string description) => new()
    {
        ["name"] = name,
        ["in"] = "path",
        ["required"] = true,
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
    };
}
