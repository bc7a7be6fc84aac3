using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>From a child to the entity that controls it.</summary>
internal static class ControllerOwner
{
    /// <summary>
    /// The key of the <paramref name="owner"/> entity that controls <paramref name="child"/>, or nothing. The version in the reference does not
    /// count: an owner that was written through another version of its API is the same object.
    /// </summary>
    public static IEnumerable<ObjectKey> KeyOf(ResourceKind owner, IKubernetesObject<V1ObjectMeta> child) =>
        child.ControllerReference() is { } reference && Is(owner, reference.ApiVersion, reference.Kind)
            ? [new(owner.Namespaced ? child.Metadata.NamespaceProperty ?? "" : "", reference.Name)]
            : [];

    /// <summary>The same of a child that is known as a tree.</summary>
    public static IEnumerable<ObjectKey> KeyOf(ResourceKind owner, JsonObject child) =>
        ChildOwnership.Controller(child) is { } reference && Is(owner, (string)reference["apiVersion"]!, (string?)reference["kind"])
            ? [new(owner.Namespaced ? ObjectJson.Metadata(child, "namespace") : "", (string)reference["name"]!)]
            : [];

    public static bool Controls(IKubernetesObject<V1ObjectMeta> owner, IKubernetesObject<V1ObjectMeta> child) =>
        child.ControllerReference() is { } reference && reference.Uid == owner.Metadata.Uid;

    private static bool Is(ResourceKind owner, string apiVersion, string? kind) => kind == owner.Kind && GroupOf(apiVersion) == owner.Group;

    private static string GroupOf(string apiVersion) =>
        apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? apiVersion[..slash] : "";
}
