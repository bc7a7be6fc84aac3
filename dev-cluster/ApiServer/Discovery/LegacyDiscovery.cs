using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.Discovery;

/// <summary>The discovery documents of one group version each: what clients read that do not know the aggregated form.</summary>
internal static class LegacyDiscovery
{
    /// <summary>The answer to <c>/api</c>.</summary>
    /// <param name="serverAddress">Host and port under which the client reached this server.</param>
    public static JsonObject Versions(string serverAddress) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }),
    };

    /// <summary>The answer to <c>/apis</c>.</summary>
    public static JsonObject Groups(IEnumerable<ServedGroup> groups) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. groups.Where(group => group.Name.Length > 0).Select(group => Fill([], group))]),
    };

    /// <summary>The answer to <c>/apis/{group}</c>.</summary>
    public static JsonObject Group(ServedGroup group) => Fill(new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" }, group);

    /// <summary>The answer to <c>/api/v1</c> and <c>/apis/{group}/{version}</c>.</summary>
    public static JsonObject Resources(ServedVersion version)
    {
        JsonObject list = new() { ["kind"] = "APIResourceList" };
        if (version.Group.Length > 0)
        {
            list["apiVersion"] = "v1";
        }

        list["groupVersion"] = version.GroupVersion;
        list["resources"] = new JsonArray([.. version.Resources.SelectMany(Entries)]);
        return list;
    }

    private static JsonObject Fill(JsonObject target, ServedGroup group)
    {
        target["name"] = group.Name;
        target["versions"] = new JsonArray([.. group.Versions.Select(Version)]);
        target["preferredVersion"] = Version(group.Versions[0]);
        return target;
    }

    private static JsonObject Version(ServedVersion version) => new() { ["groupVersion"] = version.GroupVersion, ["version"] = version.Name };

    private static IEnumerable<JsonObject> Entries(ResourceDefinition definition)
    {
        if (definition.Kind.Length > 0)
        {
            yield return Resource(definition);
        }

        foreach (Subresource subresource in definition.Subresources)
        {
            yield return Entry(definition, subresource);
        }
    }

    private static JsonObject Resource(ResourceDefinition definition)
    {
        JsonObject entry = new()
        {
            ["name"] = definition.Plural,
            ["singularName"] = definition.Singular,
            ["namespaced"] = definition.Namespaced,
            ["kind"] = definition.Kind,
            ["verbs"] = Names.List(Names.Verbs(definition)),
        };
        Names.AddIfAny(entry, "shortNames", definition.ShortNames);
        Names.AddIfAny(entry, "categories", definition.Categories);
        if (definition.IsStored)
        {
            entry["storageVersionHash"] = StorageVersionHash(definition);
        }

        return entry;
    }

    private static JsonObject Entry(ResourceDefinition definition, Subresource subresource)
    {
        JsonObject entry = new() { ["name"] = $"{definition.Plural}/{subresource.Name}", ["singularName"] = "", ["namespaced"] = definition.Namespaced };
        if (subresource.Group is not null)
        {
            entry["group"] = subresource.Group;
            entry["version"] = subresource.Version;
        }

        entry["kind"] = subresource.Kind;
        entry["verbs"] = Names.List(subresource.Verbs);
        return entry;
    }

    private static string StorageVersionHash(ResourceDefinition definition)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{definition.Group}/{definition.Version}/{definition.Kind}"));
        return Convert.ToBase64String(hash.AsSpan(0, 8));
    }
}
