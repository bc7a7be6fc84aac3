using Slipway.DevCluster.ApiServer.Discovery;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Metrics;

/// <summary>The groups of a metrics server and of an adapter for custom metrics, as discovery shows them: nothing in them is stored.</summary>
internal static class MetricResources
{
    public const string ResourceGroup = "metrics.k8s.io";
    public const string CustomGroup = "custom.metrics.k8s.io";
    public const string Version = "v1beta1";

    /// <param name="figures">Names of the figures that pods can be asked for.</param>
    public static IReadOnlyList<ServedGroup> Groups(IEnumerable<string> figures) =>
    [
        Group(CustomGroup, Row(CustomGroup, "") with { Verbs = [], Subresources = [.. figures.Order(StringComparer.Ordinal).Select(figure => new Subresource(figure, "MetricValueList", ["get"]))] }),
        Group(ResourceGroup, Row(ResourceGroup, "PodMetrics") with { Verbs = ["get", "list"] }),
    ];

    private static ServedGroup Group(string name, ResourceDefinition pods) => new(name, [new(name, Version, [pods])]);

    private static ResourceDefinition Row(string group, string kind) => new()
    {
        Group = group,
        Version = Version,
        Kind = kind,
        Plural = "pods",
        Singular = "",
        IsStored = false,
        Schema = new Schema(),
    };
}
