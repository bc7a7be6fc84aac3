using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Slipway.Api.Crd;
using Slipway.Api.Validation;

namespace Slipway.Api;

/// <summary>What the user asks for. The attributes here are the CRD's schema; the initial values are its defaults.</summary>
[Cel(AutoscalingRules.CpuHasRequest, AutoscalingRules.CpuMessage, FieldPath = ".autoscaling.metrics")]
[Cel(AutoscalingRules.ConcurrencyIsReached, AutoscalingRules.ConcurrencyMessage, FieldPath = ".autoscaling.metrics")]
[Cel(AutoscalingRules.MemoryHasRequest, AutoscalingRules.MemoryMessage, FieldPath = ".autoscaling.metrics")]
public sealed record ModelDeploymentSpec
{
    [Description("The model and where its versions are stored.")]
    public required ModelSpec Model { get; init; }

    [Description(
        "Pods that serve the model; 0 serves nothing and keeps the object. The scale subresource writes this field. Ignored while autoscaling is set; when that is "
        + "switched off the number of pods stays as it was until this field is changed.")]
    [Range(0, 1000)]
    public int Replicas { get; init; } = 1;

    [Description("Lets the number of pods follow the load. Absent: replicas says how many there are.")]
    public AutoscalingSpec? Autoscaling { get; init; }

    [Description("How one pod serves.")]
    public ServerSpec? Server { get; init; }

    [Description("How a new revision replaces the old one.")]
    public RolloutSpec? Rollout { get; init; }

    [Description("Who may reach the pods, and what they may reach. Absent: no restriction.")]
    public NetworkPolicySpec? NetworkPolicy { get; init; }

    [Description("What is watched of the running model. Needs the Prometheus Operator in the cluster; without it the model serves all the same.")]
    public MonitoringSpec? Monitoring { get; init; }

    [Description("ServiceAccount of the pods; it must exist. Empty: one is made, named after this object.")]
    [MaxLength(253)]
    [RegularExpression("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$")]
    public string ServiceAccountName { get; init; } = "";

    [Description(
        "A partial PodTemplateSpec (metadata and spec), merged over the generated one by the rules of a strategic merge patch: containers, "
        + "volumes and env by name, null removes a field. The server's container is named 'server'. Labels under slipway.dev/ and the "
        + "server's ports, probes and configuration volumes cannot be changed. For server-side apply every list in here has one owner. At most "
        + "262144 bytes as JSON.")]
    public JsonObject? PodTemplate { get; init; }
}

/// <summary>Which bytes are served.</summary>
[Cel(
    "self.uri.matches('^(s3|gs|az|https|pvc)://|^file:///')",
    "uri must start with s3://, gs://, az://, https://, pvc:// or file:///, for example s3://acme-models/fraud-detector", FieldPath = ".uri")]
[Cel(
    $"!self.uri.startsWith('s3://') || self.uri.matches('{UriPatterns.S3}')",
    "an s3 uri is s3://<bucket>/<prefix>, with a bucket name of 3 to 63 lower-case letters, digits, '.' and '-'", FieldPath = ".uri")]
[Cel(
    $"!self.uri.startsWith('gs://') || self.uri.matches('{UriPatterns.Gs}')",
    "a gs uri is gs://<bucket>/<prefix>, with a bucket name of 3 to 222 lower-case letters, digits, '.', '-' and '_'", FieldPath = ".uri")]
[Cel(
    $"!self.uri.startsWith('az://') || self.uri.matches('{UriPatterns.Az}')",
    "an az uri is az://<account>/<container>/<prefix>, with an account of 3 to 24 lower-case letters and digits", FieldPath = ".uri")]
[Cel(
    $"!self.uri.startsWith('https://') || self.uri.matches('{UriPatterns.Https}')",
    "an https uri is https://<host>/<path>, without user name or password", FieldPath = ".uri")]
[Cel(
    $"!self.uri.startsWith('pvc://') || self.uri.matches('{UriPatterns.Pvc}') && !self.uri.matches('{UriPatterns.PvcRefused}')",
    "a pvc uri is pvc://<claim>/<path>, with a PersistentVolumeClaim of this namespace and a path in it without '..'", FieldPath = ".uri")]
[Cel(
    "self.version != 'latest' || !self.uri.startsWith('https://')",
    "latest needs a store that can list its versions, which a web server cannot: name a version", FieldPath = ".version")]
[Cel(
    "!self.uri.matches('[?#\\\\s]')",
    "uri must not hold '?', '#' or white space: options belong into fields, credentials into credentialsSecret", FieldPath = ".uri")]
public sealed record ModelSpec
{
    [Description("Folder that holds one folder per version: s3://bucket/prefix, gs://bucket/prefix, az://account/container/prefix, https://host/path, "
        + "pvc://claim/path for a PersistentVolumeClaim of this namespace (mounted read-only into the pods), or file:///path for files inside the pod.")]
    [StringLength(1024, MinimumLength = 8)]
    public required string Uri { get; init; }

    [Description("Name of the version's folder below the uri.")]
    [StringLength(63, MinimumLength = 1)]
    [RegularExpression("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]
    public required string Version { get; init; }

    [Description(
        "Digest of the version's SHA256SUMS file (or of the same listing made from its files when it has none): sha256: and 64 hex digits. "
        + "Bytes with another digest are never served. Empty: any.")]
    [MaxLength(71)]
    [RegularExpression("^(sha256:[0-9a-f]{64})?$")]
    public string Digest { get; init; } = "";

    [Description(
        "Secret of this namespace with the store's credentials, mounted into the pods as files; its rotation needs no restart. "
        + "Empty: the workload identity of the ServiceAccount.")]
    [MaxLength(253)]
    [RegularExpression("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$")]
    public string CredentialsSecret { get; init; } = "";
}

/// <summary>How a new revision replaces the old one.</summary>
public sealed record RolloutSpec
{
    [Description(
        "How long a pod may take to become ready, as a Go duration from 10s to 24h: download, verification and warm-up together. Past it "
        + "the pod is restarted and the rollout is reported as stalled; the old revision keeps serving.")]
    [GoDuration("10s", "24h")]
    public string ProgressDeadline { get; init; } = "10m";

    [Description(
        "How many revisions that no pod uses any more are remembered, each as a ControllerRevision with its part of the spec and the digest of its "
        + "bytes; the newest stay. A change makes no new revision.")]
    [Range(0, MostHistory)]
    public int RevisionHistoryLimit { get; init; } = 5;

    internal const int MostHistory = 20;
}
