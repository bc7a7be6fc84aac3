using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>One version of one object. Its tree is made when somebody first looks at it, for most are told apart by their version alone.</summary>
internal sealed class ObjectVersion(string version, Func<JsonObject> tree)
{
    private readonly Lazy<JsonObject> _tree = new(tree);

    /// <summary>Its <c>metadata.resourceVersion</c>.</summary>
    public string Version => version;

    /// <summary>Not to be changed: others look at it too.</summary>
    public JsonObject Tree => _tree.Value;

    public static ObjectVersion Of(IKubernetesObject<V1ObjectMeta> entity) => new(entity.Metadata.ResourceVersion ?? "", () => ObjectJson.Of(entity));
}
