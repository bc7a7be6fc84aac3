using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using k8s;
using Slipway.DevCluster.ApiServer.Http;

namespace Slipway.DevCluster.Commands;

/// <summary>Applies files of manifests with server-side apply, as <c>kubectl apply --server-side</c> would.</summary>
internal sealed class Manifests(Kubernetes client)
{
    public const string FieldManager = "slipway-dev";

    private static readonly HashSet<string> _extensions = [".yaml", ".yml", ".json"];

    /// <summary>The objects of a file, or of the manifests directly in a directory; files that hold no Kubernetes object are left out.</summary>
    /// <exception cref="FormatException">A file is no YAML; the message names it.</exception>
    /// <exception cref="FileNotFoundException">There is no such file or directory.</exception>
    public static IReadOnlyList<(string File, JsonObject Object)> Read(string path)
    {
        var files = File.Exists(path) ? [path]
            : Directory.Exists(path) ? Directory.GetFiles(path).Where(file => _extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal).ToArray()
            : throw new FileNotFoundException($"There is no file or directory \"{path}\" to apply.");
        return [.. files.SelectMany(file => Documents(file).Select(document => (file, document)))];
    }

    /// <summary>Applies one object and answers its kind and name.</summary>
    /// <exception cref="InvalidOperationException">The API server refused it; the message names file and reason.</exception>
    public async Task<string> ApplyAsync(string file, JsonObject manifest, CancellationToken cancellationToken)
    {
        var apiVersion = (string)manifest["apiVersion"]!;
        var kind = (string)manifest["kind"]!;
        var name = (string?)manifest["metadata"]?["name"] ?? throw new InvalidOperationException($"{file}: the {kind} has no metadata.name.");
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{apiVersion}" : $"api/{apiVersion}";
        var served = await SendAsync(HttpMethod.Get, root, null, file, cancellationToken);
        var resource = served["resources"]?.AsArray().FirstOrDefault(known => (string?)known!["kind"] == kind && !((string)known["name"]!).Contains('/', StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{file}: the cluster knows no kind {kind} in {apiVersion}.");
        var plural = (string)resource["name"]!;
        var place = (bool)resource["namespaced"]! ? $"{root}/namespaces/{(string?)manifest["metadata"]!["namespace"] ?? "default"}/{plural}" : $"{root}/{plural}";
        await SendAsync(HttpMethod.Patch, $"{place}/{name}?fieldManager={FieldManager}&force=true", manifest, file, cancellationToken);
        return $"{plural}/{name}";
    }

    private static IEnumerable<JsonObject> Documents(string file)
    {
        foreach (var text in File.ReadAllText(file).Split("\n---"))
        {
            JsonNode? node;
            try
            {
                node = Yaml.Parse(text);
            }
            catch (FormatException exception)
            {
                throw new FormatException($"{file}: {exception.Message}", exception);
            }

            if (node is JsonObject document && document.ContainsKey("apiVersion") && document.ContainsKey("kind"))
            {
                yield return document;
            }
        }
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body, string file, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/apply-patch+yaml");
        }

        await client.Credentials.ProcessHttpRequestAsync(request, cancellationToken);
        using var response = await client.HttpClient.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{file}: {(text.StartsWith('{') ? (string?)JsonNode.Parse(text)?["message"] : text.Trim())}");
    }
}
