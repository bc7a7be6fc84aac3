using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Tables;

/// <summary>What of each object a table carries beside the cells.</summary>
internal enum TableRows
{
    Metadata,
    None,
    Object,
}

/// <summary>Reads the query parameter <c>includeObject</c>.</summary>
internal static class IncludeObject
{
    /// <summary>The wish; empty or null is <see cref="TableRows.Metadata"/>. Throws a 400 for an unknown word.</summary>
    public static TableRows Parse(string? word) => word switch
    {
        null or "" or "Metadata" => TableRows.Metadata,
        "None" => TableRows.None,
        "Object" => TableRows.Object,
        _ => throw new StatusException(
            400, "BadRequest",
            $"Unable to convert to Table as requested: includeObject: Invalid value: \"{word}\": must be 'Metadata', 'Object', 'None', or empty"),
    };
}
