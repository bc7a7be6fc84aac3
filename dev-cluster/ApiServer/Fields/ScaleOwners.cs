using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>
/// What is peculiar to owners of replicas that were written through the scale subresource: their entries carry no time of their own, and as a
/// Scale leaves out 0 replicas, scaling to 0 leaves the field without any owner.
/// </summary>
internal static class ScaleOwners
{
    private const string Scale = "scale";

    /// <summary>Corrects the <c>managedFields</c> that a write through the subresource has given to <paramref name="after"/>.</summary>
    /// <param name="before">The object before that write.</param>
    /// <param name="after">The object that the write makes of it.</param>
    /// <param name="replicas">Names of the fields that lead to the number.</param>
    /// <param name="isZero">True when the write set it to 0.</param>
    public static void Settle(JsonObject before, JsonObject after, IEnumerable<string> replicas, bool isZero)
    {
        var earlier = Managers.Decode(before["metadata"]?["managedFields"]);
        var managers = Managers.Decode(after["metadata"]?["managedFields"]);
        var field = new FieldSet();
        field.Insert([.. replicas.Select(name => $"f:{name}")]);
        foreach (var entry in managers.Entries.ToList())
        {
            var time = entry.Manager.Subresource == Scale ? earlier.Find(entry.Manager)?.Time : entry.Time;
            managers.Set(new ManagedEntry(entry.Manager, isZero ? FieldSet.Difference(entry.Fields, field) : entry.Fields, time));
        }

        managers.Encode(after);
    }
}
