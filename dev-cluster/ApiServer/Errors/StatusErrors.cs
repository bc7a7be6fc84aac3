using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Errors;

/// <summary>The answers that many handlers share, in the API server's own words.</summary>
internal static class StatusErrors
{
    public static StatusException NotFound(ResourceDefinition definition, string name) =>
        new(404, "NotFound", $"{definition.QualifiedName} \"{name}\" not found", Details(definition, name));

    /// <summary>No such path: the resource or subresource is not served.</summary>
    public static StatusException NoSuchResource() =>
        new(404, "NotFound", "the server could not find the requested resource", []);

    public static StatusException AlreadyExists(ResourceDefinition definition, string name, bool beingDeleted) =>
        new(
            409,
            "AlreadyExists",
            $"{(beingDeleted ? "object is being deleted: " : "")}{definition.QualifiedName} \"{name}\" already exists",
            Details(definition, name));

    /// <summary>The resourceVersion sent is not the stored one.</summary>
    public static StatusException Modified(ResourceDefinition definition, string name) =>
        Conflict(definition, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static StatusException Conflict(ResourceDefinition definition, string name, string why) =>
        new(
            409,
            "Conflict",
            $"Operation cannot be fulfilled on {definition.QualifiedName} \"{name}\": {why}",
            Details(definition, name));

    public static StatusException Forbidden(ResourceDefinition definition, string name, string why) =>
        new(403, "Forbidden", $"{definition.QualifiedName} \"{name}\" is forbidden: {why}", Details(definition, name));

    /// <summary>For a resource that may not even be there. An empty <paramref name="name"/> is about no object in particular.</summary>
    public static StatusException Forbidden(string group, string resource, string name, string why)
    {
        var subject = (group.Length == 0 ? resource : $"{resource}.{group}") + (name.Length == 0 ? "" : $" \"{name}\"");
        return new(403, "Forbidden", $"{subject} is forbidden: {why}", Details(name, group, resource, causes: null));
    }

    public static StatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static StatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static StatusException NotImplemented(string message) => new(501, "NotImplemented", message);

    public static StatusException Expired(string message) => new(410, "Expired", message);

    public static StatusException Invalid(ResourceDefinition definition, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(definition.Group, definition.Kind, name, errors);

    /// <summary>
    /// 422 with one cause for each error; equal sentences are said once in the message. <paramref name="kind"/> may be empty, as for a patch
    /// whose result cannot be read.
    /// </summary>
    public static StatusException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var sentences = errors.Select(e => $"{e.Field}: {e.Message}").Distinct(StringComparer.Ordinal).ToList();
        var causes = new JsonArray([.. errors.Select(Cause)]);
        var subject = group.Length == 0 ? kind : $"{kind}.{group}";
        return new StatusException(
            422,
            "Invalid",
            $"{subject} \"{name}\" is invalid: {(sentences.Count == 1 ? sentences[0] : $"[{string.Join(", ", sentences)}]")}",
            Details(name, group, kind, causes));
    }

    private static JsonNode Cause(FieldError error) =>
        new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field };

    private static JsonObject Details(ResourceDefinition definition, string name) =>
        Details(name, definition.Group, definition.Plural, causes: null);

    private static JsonObject Details(string name, string group, string kind, JsonArray? causes)
    {
        var details = new JsonObject();
        AddText(details, "name", name);
        AddText(details, "group", group);
        AddText(details, "kind", kind);
        if (causes is not null)
        {
            details["causes"] = causes;
        }

        return details;
    }

    private static void AddText(JsonObject details, string key, string value)
    {
        if (value.Length > 0)
        {
            details[key] = value;
        }
    }
}
