using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>Names, labels, selectors and annotations of everything that is made for a ModelDeployment; the only place they are written.</summary>
internal static class Names
{
    public const string ManagedBy = "slipway";
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string ManagedBySelector = $"{ManagedByLabel}={ManagedBy}";

    public const string ModelLabel = "slipway.dev/model";
    public const string RoleLabel = "slipway.dev/role";
    public const string RevisionLabel = "slipway.dev/revision";
    public const string Stable = "stable";

    /// <summary>Annotation with the hash of what the operator last applied.</summary>
    public const string AppliedHash = "slipway.dev/applied-hash";

    /// <summary>Annotation of the Deployment: the spec.replicas that does not count, because autoscaling is or was set.</summary>
    public const string IgnoredReplicas = "slipway.dev/ignored-replicas";

    /// <summary>Annotation of the Deployment: the number of pods that stayed when autoscaling was switched off.</summary>
    public const string KeptReplicas = "slipway.dev/kept-replicas";

    /// <summary>Annotation of the Deployment: hash of its pod template as the operator rendered it.</summary>
    public const string TemplateHash = "slipway.dev/template-hash";

    /// <summary>Annotation of the Deployment: the operator by itself brought its pod template, and what the model was before, Ready or NotReady.</summary>
    public const string Upgrade = "slipway.dev/upgrade";

    /// <summary>Annotation of a ControllerRevision: the digest of the bytes that its pods loaded.</summary>
    public const string Digest = "slipway.dev/digest";

    /// <summary>KEDA's: a ScaledObject may take over the HorizontalPodAutoscaler that it names.</summary>
    public const string TransferHpaOwnership = "scaledobject.keda.sh/transfer-hpa-ownership";

    public const string ServerContainer = "server";
    public const string HttpPort = "http";
    public const string GrpcPort = "grpc";
    public const string ManagementPort = "management";

    public static string Headless(string model) => $"{model}-headless";

    public static string LiveConfig(string model) => $"{model}-live";

    public static string RevisionConfig(string model, string revision) => $"{model}-{revision}";

    public static string RevisionRecord(string model, string revision) => $"{model}-{revision}";

    /// <summary>Labels of every child.</summary>
    public static Dictionary<string, string> Labels(ModelDeployment model) => new(StringComparer.Ordinal)
    {
        ["app.kubernetes.io/name"] = "model-server",
        ["app.kubernetes.io/instance"] = model.Metadata.Name,
        ["app.kubernetes.io/version"] = model.Spec.Model.Version,
        ["app.kubernetes.io/component"] = "model-server",
        ["app.kubernetes.io/part-of"] = "slipway",
        [ManagedByLabel] = ManagedBy,
        [ModelLabel] = model.Metadata.Name,
    };

    /// <summary>Selector of the stable pods: what Deployment, Service, PodDisruptionBudget and the scale subresource agree on, fixed for ever.</summary>
    public static Dictionary<string, string> Selector(string model) => new(StringComparer.Ordinal)
    {
        [ModelLabel] = model,
        [RoleLabel] = Stable,
    };

    public static string SelectorText(string model) => $"{ModelLabel}={model},{RoleLabel}={Stable}";

    public static string Url(ModelDeployment model) =>
        $"http://{model.Metadata.Name}.{model.Metadata.NamespaceProperty}.svc:{ServerContract.HttpPort}/v2/models/{model.Metadata.Name}";
}
