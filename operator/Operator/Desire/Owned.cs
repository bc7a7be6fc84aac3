using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>Metadata that every child carries: name, namespace, labels and the controller reference that lets Kubernetes collect it.</summary>
internal static class Owned
{
    public static V1ObjectMeta Metadata(ModelDeployment model, string name) => new()
    {
        Name = name,
        NamespaceProperty = model.Metadata.NamespaceProperty,
        Labels = Names.Labels(model),
        OwnerReferences =
        [
            new V1OwnerReference
            {
                ApiVersion = model.ApiVersion,
                Kind = model.Kind,
                Name = model.Metadata.Name,
                Uid = model.Metadata.Uid,
                Controller = true,
                BlockOwnerDeletion = true,
            },
        ],
    };

    /// <summary>Of a child of one revision.</summary>
    public static V1ObjectMeta Metadata(ModelDeployment model, string name, string revision)
    {
        var metadata = Metadata(model, name);
        metadata.Labels[Names.RevisionLabel] = revision;
        return metadata;
    }

    /// <summary>Of a child that a Prometheus selects by the user's labels.</summary>
    public static V1ObjectMeta Monitoring(ModelDeployment model, MonitoringSpec monitoring)
    {
        var metadata = Metadata(model, model.Metadata.Name);
        foreach (var (name, value) in monitoring.RuleLabels)
        {
            metadata.Labels[name] = value;
        }

        return metadata;
    }

    /// <summary>Of a child of an older revision, as it was applied. Labels and owners that others added are left to them.</summary>
    public static V1ObjectMeta Kept(ModelDeployment model, V1ObjectMeta existing)
    {
        var metadata = Metadata(model, existing.Name, "");
        foreach (var name in metadata.Labels.Keys.Where(existing.Labels.ContainsKey).ToList())
        {
            metadata.Labels[name] = existing.Labels[name];
        }

        return metadata;
    }
}
