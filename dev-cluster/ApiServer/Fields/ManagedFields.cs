using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>Field ownership after a write that is no apply: the writer owns whatever it changed, and nobody owns what is gone.</summary>
internal static class ManagedFields
{
    /// <summary>
    /// Sets <c>metadata.managedFields</c> of <paramref name="after"/>, which is the decoded, pruned and defaulted object before admission and
    /// allocation change it. A null <paramref name="before"/> means that the object is new. Entries that the writer sent along replace the live
    /// ones, an empty list clears them, and on a subresource they are ignored. An object that nobody tracks stays untracked until it is applied.
    /// </summary>
    public static void Update(Schema schema, JsonObject? before, JsonObject after, FieldManager manager, DateTimeOffset now)
    {
        var managers = DecodeSent(before, after, manager.Subresource);
        RemoveFrom(after);
        if (managers.IsEmpty && before is not null)
        {
            return;
        }

        var live = before is null ? Zero.Object(schema) : WithoutManagedFields(before);
        Record(schema, live, after, managers, manager, now);
        managers.Encode(after);
    }

    /// <summary>
    /// Whether two versions differ in nothing but the times of their managers. Such a write changes nothing: the stored object stays as it is.
    /// </summary>
    public static bool EqualIgnoringTimes(JsonObject before, JsonObject after)
    {
        if (!JsonNode.DeepEquals(WithoutManagedFields(before), WithoutManagedFields(after)))
        {
            return false;
        }

        var (left, right) = (Managers.Decode(before["metadata"]?["managedFields"]), Managers.Decode(after["metadata"]?["managedFields"]));
        return left.Entries.Count == right.Entries.Count && left.Entries.All(entry =>
            right.Find(entry.Manager) is { } other && other.Manager.ApiVersion == entry.Manager.ApiVersion
            && JsonNode.DeepEquals(entry.Fields.ToFieldsV1(), other.Fields.ToFieldsV1()));
    }

    /// <summary>Adds to the writer's entry what differs between the two versions.</summary>
    internal static void Record(
        Schema schema, JsonObject before, JsonObject after, Managers managers, FieldManager manager, DateTimeOffset now)
    {
        var comparison = Comparison.Of(schema, before, after).Without(manager.ResetFields);

        // The writer's own entry changes like everyone's; then it takes what it changed.
        Ownership.Transfer(managers, manager with { Name = "", Operation = "" }, comparison, force: true);
        var taken = Ownership.StripMeta(comparison.Changed);
        if (taken.IsEmpty)
        {
            return;
        }

        var fields = managers.Find(manager) is { } earlier ? FieldSet.Union(taken, earlier.Fields) : taken;
        managers.Set(new ManagedEntry(manager, fields, Timestamps.Format(now)));
    }

    internal static JsonObject WithoutManagedFields(JsonObject value)
    {
        var copy = (JsonObject)value.DeepClone();
        RemoveFrom(copy);
        return copy;
    }

    private static Managers DecodeSent(JsonObject? before, JsonObject after, string subresource)
    {
        var live = before?["metadata"]?["managedFields"];
        var sent = after["metadata"]?["managedFields"];
        if (subresource.Length > 0)
        {
            return Managers.Decode(live);
        }

        if (sent is JsonArray { Count: 0 } || (sent is JsonArray { Count: 1 } && sent[0] is JsonObject { Count: 0 }))
        {
            return new Managers();
        }

        var decoded = Managers.Decode(sent);
        return decoded.IsEmpty ? Managers.Decode(live) : decoded;
    }

    private static void RemoveFrom(JsonObject value) => (value["metadata"] as JsonObject)?.Remove("managedFields");
}
