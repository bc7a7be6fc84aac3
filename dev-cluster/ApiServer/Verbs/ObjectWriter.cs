using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>Create and update, with optimistic concurrency: a write counts only on the version that it was made from.</summary>
internal sealed class ObjectWriter(ObjectStore store, WritePipeline pipeline)
{
    private const int NameAttempts = 8;

    public WriteResult Create(ObjectRequest request, WriteOptions options, Change change)
    {
        var table = store.Table(request.Definition.StorageName);
        if (ResourceVersion(change.Object) is not null)
        {
            throw new StatusException(500, "", "resourceVersion should not be set on objects to be created");
        }

        lock (table.Writers)
        {
            return Create(table, request, options, change);
        }
    }

    private WriteResult Create(ObjectTable table, ObjectRequest request, WriteOptions options, Change change)
    {
        var isGenerated = change.Object.Name().Length == 0;
        for (var attempt = 1; ; attempt++)
        {
            var next = pipeline.ForCreate(request, options, change with { Object = (JsonObject)change.Object.DeepClone() });
            var key = new ObjectKey(request.Namespace, next.Name());
            if (table.Find(key) is { } existing)
            {
                if (isGenerated && attempt < NameAttempts)
                {
                    continue;
                }

                throw StatusErrors.AlreadyExists(request.Definition, key.Name, existing.Value.IsBeingDeleted());
            }

            if (options.DryRun)
            {
                return new WriteResult(next, Created: true);
            }

            if (store.Insert(table, key, next) is { } stored)
            {
                return new WriteResult(stored.Value, Created: true);
            }
        }
    }

    /// <summary>
    /// Writes what <paramref name="change"/> makes of the live object. It gets a copy that it may change, or null when there is none (only where
    /// <paramref name="createsWhenAbsent"/> allows that), and is called again when somebody else wrote in between. With
    /// <paramref name="mustBeGiven"/> the result must carry the resourceVersion that it is meant for.
    /// </summary>
    public WriteResult Update(
        ObjectRequest request, WriteOptions options, Func<JsonObject?, Change> change, bool createsWhenAbsent = false, bool mustBeGiven = false)
    {
        var table = store.Table(request.Definition.StorageName);
        while (true)
        {
            var live = table.Find(request.Key);
            if (live is null)
            {
                return createsWhenAbsent
                    ? Create(request, options, Fresh(change(null)))
                    : throw StatusErrors.NotFound(request.Definition, request.Name);
            }

            var seen = StoredForm.Read(request.Definition, live);
            var wanted = change(seen.Clone());
            CheckVersion(request, wanted.Object, live, mustBeGiven);
            var next = pipeline.ForUpdate(request, options, wanted, seen.Value);
            if (ManagedFields.EqualIgnoringTimes(live.Value, next))
            {
                return new WriteResult(live.Value, Created: false);
            }

            if (options.DryRun)
            {
                return new WriteResult(next, Created: false);
            }

            if (Store(table, live, next) is { } result)
            {
                return new WriteResult(result, Created: false);
            }
        }
    }

    /// <summary>
    /// The server's own change of a live object: it raises no generation, gives nobody ownership and is not validated. What throws changes nothing.
    /// </summary>
    public void Amend(ObjectRequest request, bool dryRun, Action<JsonObject> change)
    {
        var table = store.Table(request.Definition.StorageName);
        while (true)
        {
            var live = table.Find(request.Key) ?? throw StatusErrors.NotFound(request.Definition, request.Name);
            var next = live.Clone();
            change(next);
            if (dryRun || JsonNode.DeepEquals(next, live.Value) || Store(table, live, next) is not null)
            {
                return;
            }
        }
    }

    /// <summary>Null when somebody else wrote in between.</summary>
    private JsonObject? Store(ObjectTable table, StoredObject live, JsonObject next)
    {
        if (!EndsDeletion(next, live.Value))
        {
            return store.Replace(table, live, next)?.Value;
        }

        // The write itself is never stored: the answer keeps the version that was written to, and watchers see the last stored content.
        return store.Remove(table, live) is null ? null : next;
    }

    /// <summary>True when a write takes the last finalizer from an object whose grace period is over.</summary>
    private static bool EndsDeletion(JsonObject next, JsonObject live) =>
        next.Finalizers().Count == 0 && !next.HasContent()
        && (live["metadata"]?["deletionGracePeriodSeconds"].AsNumber() == 0 || (live.HasContent() && live.IsBeingDeleted()));

    private static void CheckVersion(ObjectRequest request, JsonObject wanted, StoredObject live, bool mustBeGiven)
    {
        var definition = request.Definition;
        switch (ResourceVersion(wanted))
        {
            case null when mustBeGiven:
                throw StatusErrors.Invalid(definition.Group, definition.Plural, request.Name,
                [
                    new FieldError("metadata.resourceVersion", "FieldValueInvalid", "Invalid value: 0: must be specified for an update"),
                ]);
            case { } version when version != live.Revision:
                throw StatusErrors.Modified(definition, request.Name);
        }
    }

    /// <summary>Null when the object names none, or 0.</summary>
    private static long? ResourceVersion(JsonObject value)
    {
        var text = value.MetaText("resourceVersion");
        if (text is "" or "0")
        {
            return null;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? (long)Math.Min(version, long.MaxValue)
            : throw new StatusException(500, "", $"strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }

    private static Change Fresh(Change change)
    {
        change.Object.Meta().Remove("resourceVersion");
        return change;
    }
}
