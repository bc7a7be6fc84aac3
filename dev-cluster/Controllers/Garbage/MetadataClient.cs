using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using k8s;

namespace Slipway.DevCluster.Controllers.Garbage;

/// <summary>The objects of one kind at one resourceVersion.</summary>
internal sealed record KindList(string ResourceVersion, IReadOnlyList<OwnedObject> Items);

/// <summary>Requests about objects of any kind, of which only metadata is read.</summary>
internal sealed class MetadataClient(Kubernetes kubernetes)
{
    private const string ListAccept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
    private const string ObjectAccept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    /// <summary>Every kind that can be listed, watched and deleted.</summary>
    public async Task<IReadOnlyList<ServedKind>> KindsAsync(CancellationToken cancellationToken)
    {
        var kinds = new List<ServedKind>();
        kinds.AddRange(await OfGroupAsync("", "v1", "api/v1", cancellationToken));
        var groups = await GetAsync("apis", cancellationToken);
        foreach (var group in groups["groups"]?.AsArray() ?? [])
        {
            var name = (string)group!["name"]!;
            var version = (string)group["preferredVersion"]!["version"]!;
            kinds.AddRange(await OfGroupAsync(name, version, $"apis/{name}/{version}", cancellationToken));
        }

        return kinds;
    }

    /// <summary>The answer to a GET; null when there is no such object.</summary>
    public async Task<JsonNode?> FindAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, ObjectAccept, "application/json", cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(response, cancellationToken);
    }

    /// <summary>All objects of a kind; null when it is not served any more.</summary>
    public async Task<KindList?> ListAsync(ServedKind kind, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, $"{kind.Collection}/{kind.Plural}", null, ListAccept, "application/json", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        var list = await ReadAsync(response, cancellationToken);
        var version = (string?)list["metadata"]?["resourceVersion"] ?? "";
        return new(version, [.. (list["items"]?.AsArray() ?? []).Select(item => OwnedObject.Read(kind, item!))]);
    }

    /// <summary>The lines of a watch until the server ends it.</summary>
    public async IAsyncEnumerable<JsonNode> WatchAsync(ServedKind kind, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"{kind.Collection}/{kind.Plural}?watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion={resourceVersion}";
        using var response = await SendAsync(HttpMethod.Get, path, null, ObjectAccept, "application/json", cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return JsonNode.Parse(line)!;
        }
    }

    /// <param name="resourceVersion">The only version that is deleted; null for any.</param>
    /// <returns>False when the object has changed or gone meanwhile; then the watch tells, and it is decided anew.</returns>
    public Task<bool> DeleteAsync(OwnedObject known, string policy, string? resourceVersion, CancellationToken cancellationToken)
    {
        var preconditions = new JsonObject { ["uid"] = known.Metadata.Uid };
        if (resourceVersion is not null)
        {
            preconditions["resourceVersion"] = resourceVersion;
        }

        var options = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "v1", ["propagationPolicy"] = policy, ["preconditions"] = preconditions };
        return WriteAsync(HttpMethod.Delete, known, options, "application/json", cancellationToken);
    }

    /// <summary>Sets a list of the metadata, if the object is as it is known; an empty one is taken off.</summary>
    /// <returns>As of <see cref="DeleteAsync"/>.</returns>
    public Task<bool> SetMetadataAsync<T>(OwnedObject known, string field, IEnumerable<T> values, CancellationToken cancellationToken)
    {
        var list = values.ToList();
        var value = list.Count == 0 ? null : JsonNode.Parse(KubernetesJson.Serialize(list));
        var metadata = new JsonObject { ["uid"] = known.Metadata.Uid, ["resourceVersion"] = known.Metadata.ResourceVersion, [field] = value };
        return WriteAsync(HttpMethod.Patch, known, new() { ["metadata"] = metadata }, "application/merge-patch+json", cancellationToken);
    }

    private async Task<bool> WriteAsync(HttpMethod method, OwnedObject known, JsonObject body, string type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, $"{known.Path}?fieldManager={ApiWrite.Controllers}", body, ObjectAccept, type, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        return true;
    }

    private async Task<IEnumerable<ServedKind>> OfGroupAsync(string group, string version, string path, CancellationToken cancellationToken)
    {
        var list = await GetAsync(path, cancellationToken);
        return (list["resources"]?.AsArray() ?? [])
            .Where(resource => !((string)resource!["name"]!).Contains('/', StringComparison.Ordinal))
            .Where(resource => resource!["verbs"]!.AsArray().Select(verb => (string)verb!) is var verbs && verbs.Contains("list") && verbs.Contains("watch") && verbs.Contains("delete"))
            .Select(resource => new ServedKind(group, version, (string)resource!["kind"]!, (string)resource["name"]!, (bool)resource["namespaced"]!))
            .ToList();
    }

    private async Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, "application/json", "application/json", cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return (await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken))!;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body, string accept, string type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(kubernetes.BaseUri, path)) { Version = HttpVersion.Version20 };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        if (kubernetes.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        return await kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
