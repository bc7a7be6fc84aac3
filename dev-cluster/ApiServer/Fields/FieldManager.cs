namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>
/// Who writes, and how: one row of <c>metadata.managedFields</c>. <paramref name="Operation"/> is <see cref="Apply"/> or <see cref="Update"/>,
/// <paramref name="ApiVersion"/> as in "apps/v1", <paramref name="Subresource"/> "status", "scale" or "" for the object itself.
/// </summary>
internal sealed record FieldManager(string Name, string Operation, string ApiVersion, string Subresource)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    /// <summary>Dotted paths that this kind of write cannot change and so never owns, as in <see cref="Fields.ResetFields"/>.</summary>
    public IReadOnlyList<string> ResetFields { get; init; } = [];
}
