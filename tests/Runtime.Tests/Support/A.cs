using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Slipway.Runtime.Tests;

/// <summary>Objects that are valid as they are; a test says only what it is about.</summary>
internal static class A
{
    public static JsonObject Json(IKubernetesObject<V1ObjectMeta> entity) => ObjectJson.Of(entity);

    public static Widget Widget(string name = "w", string @namespace = "ns", int size = 1) =>
        new() { Metadata = new() { Name = name, NamespaceProperty = @namespace }, Spec = new() { Size = size } };

    public static V1ConfigMap ConfigMap(string name = "c", string @namespace = "ns", params (string Key, string Value)[] data) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new() { Name = name, NamespaceProperty = @namespace, Labels = new Dictionary<string, string> { ["managed"] = "yes" } },
        Data = data.ToDictionary(pair => pair.Key, pair => pair.Value),
    };

    public static V1Service Service(string name, string @namespace = "ns") => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new() { Name = name, NamespaceProperty = @namespace },
        Spec = new(),
    };

    public static V1Pod Pod(string name = "p", string @namespace = "ns", params (string Key, string Value)[] labels) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new() { Name = name, NamespaceProperty = @namespace, Labels = labels.ToDictionary(pair => pair.Key, pair => pair.Value) },
        Spec = new() { Containers = [new() { Name = "main", Image = "image" }] },
    };

    public static T OwnedBy<T>(this T child, IKubernetesObject<V1ObjectMeta> owner, string? uid = null)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        child.Metadata.OwnerReferences =
        [
            new() { ApiVersion = owner.ApiVersion, Kind = owner.Kind, Name = owner.Metadata.Name, Uid = uid ?? owner.Metadata.Uid, Controller = true, BlockOwnerDeletion = true },
        ];
        return child;
    }
}
