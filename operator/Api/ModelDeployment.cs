using System.ComponentModel;
using k8s;
using k8s.Models;
using Slipway.Api.Crd;

namespace Slipway.Api;

/// <summary>One model, served by a set of identical replicas.</summary>
[KubernetesEntity(Group = GroupName, ApiVersion = VersionName, Kind = KindName, PluralName = Plural)]
[Description("One model, served by a set of identical replicas of the model server.")]
[Cel(
    "self.metadata.name.size() <= 50 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    "metadata.name must be a DNS-1035 label of at most 50 characters (lower-case letters, digits and '-', starting with a letter): "
    + "Services and pods are named after it")]
public sealed class ModelDeployment : IKubernetesObject<V1ObjectMeta>, ISpec<ModelDeploymentSpec>, IStatus<ModelDeploymentStatus?>
{
    public const string GroupName = "slipway.dev";
    public const string VersionName = "v1alpha1";
    public const string KindName = "ModelDeployment";
    public const string Plural = "modeldeployments";

    public string ApiVersion { get; set; } = $"{GroupName}/{VersionName}";
    public string Kind { get; set; } = KindName;
    public V1ObjectMeta Metadata { get; set; } = new();

    [Description("What is to be served, and how.")]
    public required ModelDeploymentSpec Spec { get; set; }

    [Description("What the operator observed; written by the operator alone.")]
    public ModelDeploymentStatus? Status { get; set; }
}
