using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>
/// Where a node of a schema stands: its path, how often it can occur in one object (null: no bound is declared), and the nearest list or map
/// around it whose items cannot be told apart from one version of the object to the next.
/// </summary>
internal sealed record RuleContext(string Path, ulong? Cardinality, string? Uncorrelatable, bool IsResource)
{
    public static RuleContext Root(string path) => new(path, 1, null, true);

    public RuleContext Property(string name, JsonObject child) =>
        this with { Path = $"{Path}.properties[{name}]", IsResource = IsEmbedded(child) };

    public RuleContext Items(JsonObject list, JsonObject child) => this with
    {
        Path = Path + ".items",
        Cardinality = Times(list["maxItems"]),
        Uncorrelatable = Uncorrelatable ?? (list["x-kubernetes-list-type"]?.ToString() == "map" ? null : Path),
        IsResource = IsEmbedded(child),
    };

    public RuleContext Values(JsonObject map, JsonObject child) =>
        this with { Path = Path + ".additionalProperties", Cardinality = Times(map["maxProperties"]), IsResource = IsEmbedded(child) };

    private ulong? Times(JsonNode? bound) =>
        Cardinality is { } outer && JsonNumber.TryRead(bound, out var most) ? Cel.Cost.Product(outer, (ulong)Math.Max(0, most.Integer)) : null;

    private static bool IsEmbedded(JsonObject schema) => schema["x-kubernetes-embedded-resource"]?.GetValueKind() == System.Text.Json.JsonValueKind.True;
}
