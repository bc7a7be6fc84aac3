using System.Collections.Frozen;
using System.Reflection;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>Where objects of one type live in the API, read from the type's <see cref="KubernetesEntityAttribute"/>.</summary>
internal sealed record ResourceKind(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    private static readonly FrozenSet<string> ClusterScopedResources = FrozenSet.Create(
        StringComparer.Ordinal,
        "/nodes", "/namespaces", "/persistentvolumes", "apiextensions.k8s.io/customresourcedefinitions",
        "admissionregistration.k8s.io/mutatingwebhookconfigurations", "admissionregistration.k8s.io/validatingwebhookconfigurations",
        "admissionregistration.k8s.io/validatingadmissionpolicies", "admissionregistration.k8s.io/validatingadmissionpolicybindings",
        "apiregistration.k8s.io/apiservices", "certificates.k8s.io/certificatesigningrequests", "networking.k8s.io/ingressclasses",
        "node.k8s.io/runtimeclasses", "rbac.authorization.k8s.io/clusterroles", "rbac.authorization.k8s.io/clusterrolebindings",
        "scheduling.k8s.io/priorityclasses", "storage.k8s.io/storageclasses", "storage.k8s.io/csidrivers", "storage.k8s.io/csinodes",
        "storage.k8s.io/volumeattachments");

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Kind and group as kubectl names them: <c>deployments.apps</c>.</summary>
    public string Resource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Groups of Kubernetes itself have no dot or end in <c>.k8s.io</c>.</summary>
    public bool BuiltIn => !Group.Contains('.', StringComparison.Ordinal) || Group.EndsWith(".k8s.io", StringComparison.Ordinal);

    /// <exception cref="InvalidOperationException">The type does not say where it lives.</exception>
    public static ResourceKind Of<T>() where T : IKubernetesObject<V1ObjectMeta> => Of(typeof(T));

    public static ResourceKind Of(Type type)
    {
        var entity = type.GetCustomAttribute<KubernetesEntityAttribute>();
        if (entity is null || string.IsNullOrEmpty(entity.PluralName) || string.IsNullOrEmpty(entity.ApiVersion) || string.IsNullOrEmpty(entity.Kind))
        {
            throw new InvalidOperationException(
                $"{type.Name} does not say where its objects live: give it [KubernetesEntity] with ApiVersion, Kind and PluralName (and Group).");
        }

        var group = entity.Group ?? "";
        var clusterScoped = ClusterScopedResources.Contains($"{group}/{entity.PluralName}") || type.IsDefined(typeof(ClusterScopedAttribute), inherit: false);
        return new(group, entity.ApiVersion, entity.Kind, entity.PluralName, !clusterScoped);
    }

    /// <summary>The path of the collection, in one namespace or (empty) over all.</summary>
    public string CollectionPath(string @namespace)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return Namespaced && @namespace.Length > 0 ? $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}" : $"{root}/{Plural}";
    }

    public string ObjectPath(ObjectKey key, string subresource = "") =>
        $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}{(subresource.Length == 0 ? "" : $"/{subresource}")}";
}
