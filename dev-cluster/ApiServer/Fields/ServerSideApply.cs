using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>
/// Server-side apply: merges what a manager wants into the live object, removes what it wanted before and no longer does, and refuses to take
/// fields from others unless forced.
/// </summary>
internal static class ServerSideApply
{
    private const string BeforeFirstApply = "before-first-apply";

    /// <summary>
    /// The object to store, with its <c>metadata.managedFields</c>; neither argument is changed. It is not pruned, defaulted or validated yet: a
    /// field that was dropped gets its default from the caller, who also checks name, namespace, apiVersion and kind beforehand, and uid and
    /// resourceVersion of the result against the live object (an applied one stands in the result, so a stale one is a 409 even when forced).
    /// A null <paramref name="live"/> means that the object is created.
    /// </summary>
    /// <exception cref="StatusException">400 for sent managedFields, 500 for an object the schema does not fit, 409 with one cause per conflict.</exception>
    public static JsonObject Apply(Schema schema, JsonObject? live, JsonObject applied, FieldManager manager, bool force, DateTimeOffset now)
    {
        if (applied["metadata"] is JsonObject sent && sent["managedFields"] is not null)
        {
            throw new StatusException(400, "BadRequest", "metadata.managedFields must be nil");
        }

        AppliedObject.Check(schema, applied);
        var managers = Managers.Decode(live?["metadata"]?["managedFields"]);
        var current = live is null ? Zero.Object(schema) : ManagedFields.WithoutManagedFields(live);
        if (managers.IsEmpty && live is not null)
        {
            // What stood there before anyone applied belongs to a manager of its own, or an apply could never conflict with it.
            var unknown = new FieldManager(BeforeFirstApply, FieldManager.Update, manager.ApiVersion, "");
            ManagedFields.Record(schema, Zero.Object(schema), current, managers, unknown, now);
        }

        var last = managers.Find(manager);
        var fields = FieldSetOf.Applied(schema, applied).Without(manager.ResetFields);
        var merged = Merger.Merge(schema, current, applied);
        if (last is not null)
        {
            var owned = managers.Entries.Where(entry => !ReferenceEquals(entry, last)).Aggregate(fields, (all, entry) => FieldSet.Union(all, entry.Fields));
            DroppedFields.Remove(schema, merged, last.Fields, owned);
        }

        // In hand before conflicts are looked for: fields of equal value are shared, and never conflict.
        managers.Set(new ManagedEntry(manager, fields, last?.Time));
        Ownership.Transfer(managers, manager, Comparison.Of(schema, current, merged).Without(manager.ResetFields), force);

        var changed = !JsonNode.DeepEquals(current, merged);
        managers.Set(new ManagedEntry(manager, Ownership.StripMeta(fields), changed ? Timestamps.Format(now) : last?.Time));
        managers.Encode(merged);
        return merged;
    }
}
