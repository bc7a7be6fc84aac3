using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>The refusal of an apply that would take fields from other managers.</summary>
internal static class Conflicts
{
    public static StatusException Refusal(IEnumerable<(FieldManager Manager, FieldSet Fields)> conflicts)
    {
        var rows = conflicts
            .Select(conflict => (Manager: Show(conflict.Manager), Paths: conflict.Fields.Paths().Select(PathElements.Show).ToList()))
            .OrderBy(row => row.Manager, StringComparer.Ordinal)
            .ToList();
        var causes = rows.SelectMany(row => row.Paths.Select(path => (JsonNode)new JsonObject
        {
            ["reason"] = "FieldManagerConflict",
            ["message"] = $"conflict with {row.Manager}",
            ["field"] = path,
        })).ToArray();

        var message = causes.Length == 1
            ? $"Apply failed with 1 conflict: conflict with {rows[0].Manager}: {rows[0].Paths[0]}"
            : $"Apply failed with {causes.Length} conflicts: {string.Join('\n', rows.Select(row =>
                $"conflicts with {row.Manager}:\n{string.Join('\n', row.Paths.Select(path => $"- {path}"))}"))}";
        return new StatusException(409, "Conflict", message, new JsonObject { ["causes"] = new JsonArray(causes) });
    }

    // An applier is one manager at every version; an updater is another one at each.
    private static string Show(FieldManager manager)
    {
        var subresource = manager.Subresource.Length == 0 ? "" : $" with subresource \"{manager.Subresource}\"";
        var version = manager.Operation == FieldManager.Apply ? "" : $" using {manager.ApiVersion}";
        return $"\"{manager.Name}\"{subresource}{version}";
    }
}
