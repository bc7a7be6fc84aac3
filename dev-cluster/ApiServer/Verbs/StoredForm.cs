using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>
/// What a client sees of a stored custom resource. Its definition may have changed since it was stored, or the client asks for another version
/// of it: fields that the schema no longer knows are gone, defaults that it has got since are there, and the apiVersion is the one asked for.
/// </summary>
internal static class StoredForm
{
    /// <summary>The stored object itself when there is nothing to change, and always for built-in kinds.</summary>
    public static StoredObject Read(ResourceDefinition definition, StoredObject stored)
    {
        if (!definition.IsCustom)
        {
            return stored;
        }

        var seen = Read(definition, stored.Value);
        return JsonNode.DeepEquals(seen, stored.Value) ? stored : new StoredObject(stored.Key, seen, stored.Revision);
    }

    /// <summary>A line of a watch in the same form; bookmarks and errors stay as they are.</summary>
    public static WatchLine Read(ResourceDefinition definition, WatchLine line)
    {
        if (!definition.IsCustom)
        {
            return line;
        }

        if (line.Stored is null)
        {
            return line with { Object = Read(definition, line.Object) };
        }

        var stored = Read(definition, line.Stored);
        return line with { Object = stored.Value, Stored = stored };
    }

    private static JsonObject Read(ResourceDefinition definition, JsonObject value)
    {
        var seen = (JsonObject)value.DeepClone();
        seen["apiVersion"] = definition.ApiVersion;
        Pruner.Prune(definition.Schema, seen);
        Defaulter.Apply(definition.Schema, seen);
        return seen;
    }
}
