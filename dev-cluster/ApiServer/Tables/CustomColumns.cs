using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Tables;

/// <summary>Columns of a custom resource: its name, then <c>additionalPrinterColumns</c>, or its age when there are none.</summary>
internal static class CustomColumns
{
    private static readonly PrinterColumn DefaultAge =
        new("Age", "date", "", "Time since the object was created.", 0, ".metadata.creationTimestamp");

    public static IReadOnlyList<TableColumn> Of(ResourceDefinition definition)
    {
        IEnumerable<PrinterColumn> declared = definition.Columns.Count > 0 ? definition.Columns : [DefaultAge];
        return [TableColumn.ObjectName, .. declared.Select(Column)];
    }

    private static TableColumn Column(PrinterColumn column)
    {
        string description = column.Description.Length > 0
            ? column.Description
            : $"Custom resource definition column (in JSONPath format): {column.JsonPath}";
        ColumnPath path = ColumnPath.Parse(column.JsonPath);
        return new TableColumn(column.Name, column.Type, description, (o, now) => Cell(column.Type, path.Find(o), now))
        {
            Format = column.Format,
            Priority = column.Priority,
        };
    }

    private static JsonNode? Cell(string type, IReadOnlyList<JsonNode?> found, DateTimeOffset now)
    {
        if (found.Count == 0 || found[0] is not { } first)
        {
            return null;
        }

        return type switch
        {
            "date" => Age.Since(first, now),
            "integer" => Number(first) is { } number ? JsonValue.Create((long)number) : null,
            "number" => Number(first) is { } number ? JsonValue.Create(number) : null,
            "boolean" => first.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? first.DeepClone() : null,
            _ => string.Join(' ', found.Select(Text)),
        };
    }

    private static double? Number(JsonNode node) => node.GetValueKind() == JsonValueKind.Number
        ? double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
        : null;

    private static string Text(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonValue => node.ToString(),
        _ => node.ToJsonString(),
    };
}
