using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>Short names for what the server reads and writes under <c>metadata</c>.</summary>
internal static class Metadata
{
    private const string SuffixLetters = "bcdfghjklmnpqrstvwxz2456789";

    public static JsonObject Meta(this JsonObject value)
    {
        if (value["metadata"] is JsonObject metadata)
        {
            return metadata;
        }

        metadata = [];
        value["metadata"] = metadata;
        return metadata;
    }

    /// <summary>The text of a field of metadata; empty when absent.</summary>
    public static string MetaText(this JsonObject value, string field) => (string?)(value["metadata"] as JsonObject)?[field] ?? "";

    public static string Name(this JsonObject value) => value.MetaText("name");

    public static IReadOnlyList<string> Finalizers(this JsonObject value) =>
        [.. (value["metadata"]?["finalizers"] as JsonArray ?? []).Select(f => (string?)f ?? "")];

    public static void SetFinalizers(this JsonObject value, IReadOnlyList<string> finalizers)
    {
        if (finalizers.Count == 0)
        {
            value.Meta().Remove("finalizers");
        }
        else
        {
            value.Meta()["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]);
        }
    }

    /// <summary>True for a namespace whose own finalizers are not yet done with what is in it.</summary>
    public static bool HasContent(this JsonObject value) =>
        (string?)value["kind"] == "Namespace" && value["spec"]?["finalizers"] is JsonArray { Count: > 0 };

    public static bool IsBeingDeleted(this JsonObject value) => value["metadata"]?["deletionTimestamp"] is not null;

    /// <summary>Copies a field of metadata from one object to another, or removes it where the first has none.</summary>
    public static void CopyMeta(this JsonObject target, JsonObject source, string field)
    {
        if (source["metadata"]?[field] is { } value)
        {
            target.Meta()[field] = value.DeepClone();
        }
        else
        {
            target.Meta().Remove(field);
        }
    }

    /// <summary>A time as Kubernetes writes it, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Five letters as the server puts after generateName.</summary>
    public static string RandomSuffix() => new(Random.Shared.GetItems<char>(SuffixLetters, 5));
}
