using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Patches;

/// <summary>JSON patch (RFC 6902), with the server's leniency: <c>replace</c> of an absent object field adds it.</summary>
internal static class JsonPatch
{
    /// <summary>More operations than this are refused.</summary>
    public const int MaxOperations = 10_000;

    /// <returns>A new object; neither argument is changed.</returns>
    /// <exception cref="StatusException">413 for too many operations, 422 when one of them cannot be carried out or a test fails.</exception>
    public static JsonObject Apply(JsonObject live, JsonArray patch)
    {
        if (patch.Count > MaxOperations)
        {
            throw new StatusException(413, "RequestEntityTooLarge",
                $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {patch.Count}");
        }

        JsonNode? document = live.DeepClone();
        foreach (var operation in patch)
        {
            document = Apply(document, operation as JsonObject ?? throw Refused());
        }

        return document as JsonObject ?? throw Refused();
    }

    private static JsonNode? Apply(JsonNode? document, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        return Word(operation, "op") switch
        {
            "add" => Add(document, path, Value(operation), replace: false),
            "replace" => Add(document, path, Value(operation), replace: true),
            "remove" => Remove(document, path, out _),
            "test" => Test(document, path, operation["value"]),
            "copy" => Add(document, path, Get(document, Pointer(operation, "from"))?.DeepClone(), replace: false),
            "move" => Add(Remove(document, Pointer(operation, "from"), out var moved), path, moved?.DeepClone(), replace: false),
            _ => throw Refused(),
        };
    }

    private static JsonNode? Add(JsonNode? document, string[] path, JsonNode? value, bool replace)
    {
        if (path.Length == 0)
        {
            return value;
        }

        var last = path[^1];
        switch (Get(document, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject fields:
                fields[last] = value;
                break;
            case JsonArray list when replace && JsonPointer.TryIndex(last, list.Count, out var at):
                list[at] = value;
                break;
            case JsonArray list when !replace && last == "-":
                list.Add(value);
                break;
            case JsonArray list when !replace && JsonPointer.TryIndex(last, list.Count + 1, out var before):
                list.Insert(before, value);
                break;
            default:
                throw Refused();
        }

        return document;
    }

    private static JsonNode? Remove(JsonNode? document, string[] path, out JsonNode? removed)
    {
        if (path.Length == 0)
        {
            throw Refused();
        }

        var last = path[^1];
        switch (Get(document, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject fields when fields.TryGetPropertyValue(last, out removed):
                fields.Remove(last);
                break;
            case JsonArray list when JsonPointer.TryIndex(last, list.Count, out var at):
                removed = list[at];
                list.RemoveAt(at);
                break;
            default:
                throw Refused();
        }

        return document;
    }

    private static JsonNode? Test(JsonNode? document, string[] path, JsonNode? expected)
    {
        // A field that is not there equals null.
        var actual = path.Length > 0 && Get(document, path.AsSpan(0, path.Length - 1)) is JsonObject fields ? fields[path[^1]] : Get(document, path);
        return JsonNode.DeepEquals(actual, expected) ? document : throw Refused();
    }

    private static JsonNode? Get(JsonNode? document, ReadOnlySpan<string> path)
    {
        var at = document;
        foreach (var token in path)
        {
            at = at switch
            {
                JsonObject fields when fields.TryGetPropertyValue(token, out var child) => child,
                JsonArray list when JsonPointer.TryIndex(token, list.Count, out var index) => list[index],
                _ => throw Refused(),
            };
        }

        return at;
    }

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw Refused();

    private static string[] Pointer(JsonObject operation, string name) => JsonPointer.Parse(Word(operation, name)) ?? throw Refused();

    private static string Word(JsonObject operation, string name) =>
        operation[name] is JsonValue word && word.GetValueKind() == JsonValueKind.String ? word.GetValue<string>() : throw Refused();

    // The server does not tell which operation failed, or why.
    private static StatusException Refused() =>
        new(422, "Invalid", "the server rejected our request due to an error in our request", new JsonObject());
}
