using System.Text.Json.Nodes;
using Slipway.Operator.Manifests;

namespace Slipway.DevCluster.Commands;

/// <summary>Applies files of manifests with server-side apply, as <c>kubectl apply --server-side</c> would.</summary>
internal sealed class Manifests(RawClient client)
{
    public const string FieldManager = "slipway-dev";

    private static readonly HashSet<string> Extensions = [".yaml", ".yml", ".json"];

    /// <summary>The objects of a file, or of the manifests directly in a directory; files that hold no Kubernetes object are left out.</summary>
    /// <exception cref="FormatException">A file is no YAML; the message names it.</exception>
    /// <exception cref="FileNotFoundException">There is no such file or directory.</exception>
    public static IReadOnlyList<(string File, JsonObject Object)> Read(string path)
    {
        var files = File.Exists(path) ? [path]
            : Directory.Exists(path) ? Directory.GetFiles(path).Where(file => Extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal).ToArray()
            : throw new FileNotFoundException($"There is no file or directory \"{path}\" to apply.");
        return [.. files.SelectMany(file => Documents(file).Select(document => (file, document)))];
    }

    /// <summary>Applies one object.</summary>
    /// <exception cref="InvalidOperationException">The API server refused it; the message names file and reason.</exception>
    public async Task<AppliedObject> ApplyAsync(string file, JsonObject manifest, CancellationToken cancellationToken)
    {
        try
        {
            return await ApplyAsync(manifest, cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"{file}: {exception.Message}", exception);
        }
    }

    private async Task<AppliedObject> ApplyAsync(JsonObject manifest, CancellationToken cancellationToken)
    {
        var apiVersion = (string)manifest["apiVersion"]!;
        var kind = (string)manifest["kind"]!;
        var name = (string?)manifest["metadata"]?["name"] ?? throw new InvalidOperationException($"the {kind} has no metadata.name.");
        var @namespace = (string?)manifest["metadata"]!["namespace"] ?? "default";
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{apiVersion}" : $"api/{apiVersion}";
        var served = await client.GetAsync(root, cancellationToken);
        var resource = served["resources"]?.AsArray().FirstOrDefault(known => (string?)known!["kind"] == kind && !((string)known["name"]!).Contains('/', StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"the cluster knows no kind {kind} in {apiVersion}.");
        var plural = (string)resource["name"]!;
        var place = (bool)resource["namespaced"]! ? $"{root}/namespaces/{@namespace}/{plural}" : $"{root}/{plural}";
        await client.ApplyAsync($"{place}/{name}", manifest, cancellationToken);
        return new(kind, plural, @namespace, name);
    }

    private static IEnumerable<JsonObject> Documents(string file)
    {
        IReadOnlyList<JsonNode?> documents;
        try
        {
            documents = Yaml.ParseAll(File.ReadAllText(file));
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{file}: {exception.Message}", exception);
        }

        return documents.OfType<JsonObject>().Where(document => document.ContainsKey("apiVersion") && document.ContainsKey("kind"));
    }
}
