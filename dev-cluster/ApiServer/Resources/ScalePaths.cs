namespace Slipway.DevCluster.ApiServer.Resources;

/// <summary>
/// Where a Scale finds its numbers, as dotted paths with a leading dot (<c>.spec.replicas</c>). <paramref name="LabelSelector"/> names a
/// string (custom resources) or a LabelSelector object (built-in kinds, <c>.spec.selector</c>); null means that Scale has no selector.
/// </summary>
internal sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string? LabelSelector)
{
    public static ScalePaths BuiltIn { get; } = new(".spec.replicas", ".status.replicas", ".spec.selector");
}
