using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Discovery;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.ApiServer.OpenApi;

/// <summary>
/// One OpenAPI document per group version, made when first asked for and kept until a resource of that group version changes.
/// </summary>
internal sealed class OpenApiDocuments(ResourceCatalog catalog)
{
    private readonly Lock _making = new();
    private readonly Dictionary<string, Entry> _made = new(StringComparer.Ordinal);

    /// <summary>The index: path of each group version to where its document is, with the hash of its contents.</summary>
    public JsonObject Index()
    {
        lock (_making)
        {
            IEnumerable<KeyValuePair<string, JsonNode?>> paths = ServedGroup.Of(catalog).SelectMany(group => group.Versions)
                .Select(version => (Path: PathOf(version), Made: Get(version)))
                .OrderBy(row => row.Path, StringComparer.Ordinal)
                .Select(row => KeyValuePair.Create<string, JsonNode?>(
                    row.Path, new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{row.Path}?hash={row.Made.Hash}" }));
            return new JsonObject { ["paths"] = new JsonObject(paths) };
        }
    }

    /// <summary>The document at a path of the index (<c>apis/apps/v1</c>), or null when no such group version is served.</summary>
    public OpenApiDocument? Find(string path)
    {
        ServedVersion? version = ServedGroup.Of(catalog).SelectMany(group => group.Versions).FirstOrDefault(version => PathOf(version) == path);
        lock (_making)
        {
            return version is null ? null : Get(version);
        }
    }

    private static string PathOf(ServedVersion version) => version.Group.Length == 0 ? $"api/{version.Name}" : $"apis/{version.GroupVersion}";

    private OpenApiDocument Get(ServedVersion version)
    {
        if (_made.TryGetValue(version.GroupVersion, out Entry? entry) && entry.Resources.SequenceEqual(version.Resources, ReferenceEqualityComparer.Instance))
        {
            return entry.Document;
        }

        byte[] body = Answers.Utf8(Build(version));
        OpenApiDocument document = new(body, Convert.ToHexString(SHA512.HashData(body)));
        _made[version.GroupVersion] = new Entry(version.Resources, document);
        return document;
    }

    private static JsonObject Build(ServedVersion version)
    {
        Components components = new(version);
        JsonObject paths = [];
        foreach (ResourceDefinition definition in version.Resources)
        {
            (string kind, string list) = components.Add(definition);
            foreach ((string path, JsonNode? item) in Paths.Of(definition, kind, list))
            {
                paths[path] = item;
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "slipway-dev", ["version"] = "v1.36.2" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = components.Write() },
        };
    }

    private sealed record Entry(IReadOnlyList<ResourceDefinition> Resources, OpenApiDocument Document);
}

/// <summary>A document as it is sent, and the hash by which clients keep it.</summary>
internal sealed record OpenApiDocument(byte[] Body, string Hash);
