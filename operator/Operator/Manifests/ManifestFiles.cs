using System.Text.Json.Nodes;

namespace Slipway.Operator.Manifests;

/// <summary>The objects in files, as kubectl's <c>-f</c> finds them.</summary>
internal static class ManifestFiles
{
    /// <summary>Stands for the standard input.</summary>
    public const string StandardInput = "-";

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".yaml", ".yml", ".json" };

    /// <param name="path">A file, a directory or <see cref="StandardInput"/>.</param>
    /// <param name="recursive">Whether a directory's own directories count too.</param>
    /// <exception cref="FileNotFoundException">There is no such file or directory.</exception>
    public static IReadOnlyList<string> Find(string path, bool recursive) =>
        path == StandardInput || File.Exists(path) ? [path]
        : Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*", recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
            .Where(file => Extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)]
        : throw new FileNotFoundException($"There is no file or directory \"{path}\".");

    /// <exception cref="FormatException">The file is no YAML, or one of its documents is no object.</exception>
    public static IReadOnlyList<JsonObject> Read(string file, TextReader standardInput)
    {
        var text = file == StandardInput ? standardInput.ReadToEnd() : File.ReadAllText(file);
        return [.. Yaml.ParseAll(text).Where(document => document is not null).SelectMany(Objects)];
    }

    // As kubectl, which takes a List apart.
    private static IEnumerable<JsonObject> Objects(JsonNode? document) => document switch
    {
        JsonObject list when list["kind"] is JsonValue kind && kind.ToString() == "List" && list["items"] is JsonArray items => items.SelectMany(Objects),
        JsonObject one => [one],
        _ => throw new FormatException("a document is no object with fields"),
    };
}
