using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Tables;

/// <summary>Turns an object or a list into the Table that kubectl prints.</summary>
internal static class TableAnswer
{
    /// <param name="answer">An object of the kind, or a list of them.</param>
    /// <param name="metaVersion">Version of meta.k8s.io that the client asked for.</param>
    /// <param name="withColumns">False in a watch after its first event: the client knows the columns.</param>
    public static JsonObject Of(
        ResourceDefinition definition, JsonObject answer, TableRows rows, string metaVersion, bool withColumns, DateTimeOffset now)
    {
        IReadOnlyList<TableColumn> columns = KindColumns.Of(definition);
        bool isList = PartialMetadata.IsList(answer);
        IEnumerable<JsonObject> objects = isList ? answer["items"]!.AsArray().OfType<JsonObject>() : [answer];
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/" + metaVersion,
            ["metadata"] = isList ? PartialMetadata.ListMetadata(answer) : ObjectVersion(answer),
            ["columnDefinitions"] = withColumns ? new JsonArray([.. columns.Select(column => column.Definition())]) : null,
            ["rows"] = new JsonArray([.. objects.Select(o => Row(definition, columns, o, rows, metaVersion, now))]),
        };
    }

    private static JsonObject ObjectVersion(JsonObject obj) => new() { ["resourceVersion"] = obj["metadata"]?["resourceVersion"]?.DeepClone() };

    private static JsonObject Row(
        ResourceDefinition definition, IReadOnlyList<TableColumn> columns, JsonObject obj, TableRows rows, string metaVersion, DateTimeOffset now) => new()
        {
            ["cells"] = new JsonArray([.. columns.Select(column => column.Cell(obj, now))]),
            ["object"] = rows switch
            {
                TableRows.None => null,
                TableRows.Metadata => PartialMetadata.Item(obj, metaVersion),
                TableRows.Object => Whole(definition, obj),
                _ => throw new ArgumentOutOfRangeException(nameof(rows), rows, null),
            },
        };

    /// <summary>Items of a list of built-in kinds do not say what they are; a row's object does.</summary>
    private static JsonObject Whole(ResourceDefinition definition, JsonObject obj)
    {
        JsonObject whole = definition.NewObject();
        foreach ((string key, JsonNode? value) in obj)
        {
            whole[key] = value?.DeepClone();
        }

        return whole;
    }
}
