namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>How to step from a node of a schema to the schema of a field.</summary>
internal static class SchemaFields
{
    /// <summary>Of a value nobody declared: objects are owned field by field, lists as a whole.</summary>
    public static readonly Schema Untyped = new() { Type = SchemaType.Any, PreserveUnknownFields = true };

    private static readonly Schema Word = new() { Type = SchemaType.String };

    /// <summary>The schema as that of a whole resource: it has <c>apiVersion</c>, <c>kind</c> and <c>metadata</c> even if it does not declare them.</summary>
    public static Schema AsResource(this Schema schema) => schema.EmbeddedResource ? schema : schema with { EmbeddedResource = true };

    /// <returns>Null when the field is not declared and undeclared fields are not kept.</returns>
    public static Schema? Field(this Schema schema, string name)
    {
        if (schema.EmbeddedResource && name == "metadata")
        {
            // Object metadata is the server's own, whatever a custom resource's schema says of it.
            return schema.Properties.TryGetValue(name, out var declared) && declared.Omission != Omission.Nothing
                ? declared
                : BuiltInSchemas.ObjectMeta;
        }

        if (schema.Properties.TryGetValue(name, out var field))
        {
            return field;
        }

        if (schema.EmbeddedResource && name is ("apiVersion" or "kind"))
        {
            return Word;
        }

        return schema.AdditionalProperties ?? (schema.PreserveUnknownFields ? Untyped : null);
    }
}
