using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>How a change of an object moves fields between its managers.</summary>
internal static class Ownership
{
    private static readonly FieldSet NeverOwned = BuildNeverOwned();

    /// <summary>Identity and bookkeeping in <c>metadata</c> belong to the server.</summary>
    public static FieldSet StripMeta(FieldSet fields) => FieldSet.Difference(fields, NeverOwned);

    /// <summary>
    /// Takes from everyone but <paramref name="writer"/> the fields whose value changed, and from all of them those that are gone.
    /// </summary>
    /// <exception cref="StatusException">409 when fields would change hands and <paramref name="force"/> is false; nothing has moved then.</exception>
    public static void Transfer(Managers managers, FieldManager writer, Comparison comparison, bool force)
    {
        var self = managers.Find(writer);
        var conflicts = new List<(FieldManager Manager, FieldSet Fields)>();
        var kept = new List<ManagedEntry>();
        foreach (var entry in managers.Entries.Where(entry => !ReferenceEquals(entry, self)))
        {
            var conflict = FieldSet.Intersection(entry.Fields, comparison.Changed);
            if (!conflict.IsEmpty)
            {
                conflicts.Add((entry.Manager, conflict));
            }

            kept.Add(entry with { Fields = FieldSet.Difference(FieldSet.Difference(entry.Fields, conflict), comparison.Removed) });
        }

        if (!force && conflicts.Count > 0)
        {
            throw Conflicts.Refusal(conflicts);
        }

        foreach (var entry in kept)
        {
            managers.Set(entry);
        }
    }

    private static FieldSet BuildNeverOwned()
    {
        var set = new FieldSet();
        set.Insert("f:apiVersion");
        set.Insert("f:kind");
        set.Insert("f:metadata");
        foreach (var name in (ReadOnlySpan<string>)
            ["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"])
        {
            set.Insert("f:metadata", PathElements.Field(name));
        }

        return set;
    }
}
