using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>What one manager owns. <paramref name="Time"/> is null until it first changed something.</summary>
internal sealed record ManagedEntry(FieldManager Manager, FieldSet Fields, string? Time);

/// <summary>The decoded <c>metadata.managedFields</c> of one object: at most one entry per manager, operation, subresource and (Update only) version.</summary>
internal sealed class Managers
{
    /// <summary>More Update entries than this are folded into one, the oldest first.</summary>
    public const int MaxUpdateEntries = 10;

    private const string FoldedName = "ancient-changes";
    private readonly Dictionary<(string Name, string Operation, string Subresource, string Version), ManagedEntry> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    public IReadOnlyCollection<ManagedEntry> Entries => _entries.Values;

    /// <summary>Entries that cannot be read make the whole list count as empty, as the server does with lists it cannot decode.</summary>
    public static Managers Decode(JsonNode? managedFields)
    {
        var managers = new Managers();
        foreach (var entry in managedFields as JsonArray ?? [])
        {
            if (entry is not JsonObject row || Text(row, "operation") is not (FieldManager.Apply or FieldManager.Update) || Text(row, "apiVersion") is "")
            {
                return new Managers();
            }

            var manager = new FieldManager(Text(row, "manager"), Text(row, "operation"), Text(row, "apiVersion"), Text(row, "subresource"));
            var fields = row["fieldsV1"] is JsonObject fieldsV1 ? FieldSet.Parse(fieldsV1) : new FieldSet();
            managers.Set(new ManagedEntry(manager, fields, Text(row, "time") is { Length: > 0 } time ? time : null));
        }

        return managers;
    }

    public ManagedEntry? Find(FieldManager manager) => _entries.GetValueOrDefault(Key(manager));

    /// <summary>An entry that owns nothing is dropped.</summary>
    public void Set(ManagedEntry entry)
    {
        if (entry.Fields.IsEmpty)
        {
            _entries.Remove(Key(entry.Manager));
        }
        else
        {
            _entries[Key(entry.Manager)] = entry;
        }
    }

    /// <summary>Writes the entries into the object's metadata, or takes the field away when there are none.</summary>
    public void Encode(JsonObject target)
    {
        Fold();
        if (target["metadata"] is not JsonObject metadata)
        {
            target["metadata"] = metadata = [];
        }

        if (IsEmpty)
        {
            metadata.Remove("managedFields");
            return;
        }

        var rows = new JsonArray();
        foreach (var entry in _entries.Values
            .OrderBy(entry => entry.Manager.Operation, StringComparer.Ordinal)
            .ThenBy(entry => entry.Time ?? "", StringComparer.Ordinal)
            .ThenBy(entry => entry.Manager.Name, StringComparer.Ordinal)
            .ThenBy(entry => entry.Manager.ApiVersion, StringComparer.Ordinal)
            .ThenBy(entry => entry.Manager.Subresource, StringComparer.Ordinal))
        {
            rows.Add(Row(entry));
        }

        metadata["managedFields"] = rows;
    }

    private static JsonObject Row(ManagedEntry entry)
    {
        var row = new JsonObject
        {
            ["manager"] = entry.Manager.Name,
            ["operation"] = entry.Manager.Operation,
            ["apiVersion"] = entry.Manager.ApiVersion,
        };
        if (entry.Time is not null)
        {
            row["time"] = entry.Time;
        }

        row["fieldsType"] = "FieldsV1";
        row["fieldsV1"] = entry.Fields.ToFieldsV1();
        if (entry.Manager.Subresource.Length > 0)
        {
            row["subresource"] = entry.Manager.Subresource;
        }

        return row;
    }

    private void Fold()
    {
        var updates = _entries.Values.Where(entry => entry.Manager.Operation == FieldManager.Update).ToList();
        if (updates.Count <= MaxUpdateEntries)
        {
            return;
        }

        // Folding adds an entry of its own, so one more has to go.
        foreach (var old in updates.OrderBy(entry => entry.Time ?? "", StringComparer.Ordinal)
            .ThenBy(entry => entry.Manager.Name, StringComparer.Ordinal)
            .Take(updates.Count - MaxUpdateEntries + 1))
        {
            _entries.Remove(Key(old.Manager));
            var folded = new FieldManager(FoldedName, FieldManager.Update, old.Manager.ApiVersion, "");
            var fields = Find(folded) is { } earlier ? FieldSet.Union(earlier.Fields, old.Fields) : old.Fields;
            Set(new ManagedEntry(folded, fields, old.Time));
        }
    }

    private static string Text(JsonObject row, string name) =>
        row[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    // An applier keeps its entry when it changes to another version of the kind.
    private static (string Name, string Operation, string Subresource, string Version) Key(FieldManager manager) =>
        (manager.Name, manager.Operation, manager.Subresource, manager.Operation == FieldManager.Apply ? "" : manager.ApiVersion);
}
