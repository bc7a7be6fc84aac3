namespace Slipway.DevCluster.ApiServer.Resources;

/// <summary>
/// A path below an object. <paramref name="Kind"/> is the kind of its body; <paramref name="Group"/> and <paramref name="Version"/> are those of
/// that kind, or null when they are the resource's own.
/// </summary>
internal sealed record Subresource(
    string Name, string Kind, IReadOnlyList<string> Verbs, string? Group = null, string? Version = null)
{
    private static readonly IReadOnlyList<string> Editable = ["get", "patch", "update"];

    public static Subresource Status(string kind) => new("status", kind, Editable);

    public static Subresource Scale { get; } = new("scale", "Scale", Editable, "autoscaling", "v1");
}
