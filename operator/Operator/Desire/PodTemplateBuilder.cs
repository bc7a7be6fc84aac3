using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>The generated pod, before <c>spec.podTemplate</c> is merged over it. It meets the restricted Pod Security Standard.</summary>
internal static class PodTemplateBuilder
{
    public const string ConfigVolume = "config";
    public const string LiveVolume = "live";

    private static readonly TimeSpan StartupPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Time for load balancers to learn that the pod leaves, before it is told to stop.</summary>
    private const int PreStopSeconds = 5;

    /// <summary>Time to exit once the last accepted request is answered.</summary>
    private const int ExitSeconds = 10;

    public static V1PodTemplateSpec Build(DesireContext context) => new()
    {
        Metadata = new() { Labels = Labels(context) },
        Spec = new()
        {
            ServiceAccountName = context.Model.Spec.ServiceAccountName.Length > 0 ? context.Model.Spec.ServiceAccountName : context.Model.Metadata.Name,
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            SecurityContext = new() { RunAsNonRoot = true, SeccompProfile = new() { Type = "RuntimeDefault" } },
            TerminationGracePeriodSeconds = PreStopSeconds + DeploymentBuilder.Seconds(Timeout(context.Model)) + ExitSeconds,
            TopologySpreadConstraints = [Spread(context.Model.Metadata.Name)],
            Containers = [Server(context)],
            Volumes = [.. Volumes(context)],
        },
    };

    private static Dictionary<string, string> Labels(DesireContext context)
    {
        var labels = Names.Labels(context.Model);
        labels[Names.RoleLabel] = Names.Stable;
        labels[Names.RevisionLabel] = context.Revision;
        return labels;
    }

    private static TimeSpan Timeout(ModelDeployment model) => GoDuration.Parse((model.Spec.Server ?? new()).RequestTimeout);

    private static V1TopologySpreadConstraint Spread(string model) => new()
    {
        MaxSkew = 1,
        TopologyKey = "kubernetes.io/hostname",
        WhenUnsatisfiable = "ScheduleAnyway",
        LabelSelector = new() { MatchLabels = Names.Selector(model) },
    };

    private static V1Container Server(DesireContext context)
    {
        var server = context.Model.Spec.Server ?? new();
        return new()
        {
            Name = Names.ServerContainer,
            Image = server.Image.Length > 0 ? server.Image : context.ServerImage,
            Args = ["serve"],
            Ports =
            [
                new() { Name = Names.HttpPort, ContainerPort = ServerContract.HttpPort, Protocol = "TCP" },
                new() { Name = Names.GrpcPort, ContainerPort = ServerContract.GrpcPort, Protocol = "TCP" },
                new() { Name = Names.ManagementPort, ContainerPort = ServerContract.ManagementPort, Protocol = "TCP" },
            ],
            Resources = Resources(server.Resources),
            StartupProbe = Probe(ServerContract.ReadyPath, StartupPeriod, StartupFailures(context.Model)),
            ReadinessProbe = Probe(ServerContract.ReadyPath, TimeSpan.FromSeconds(5), 2),
            LivenessProbe = Probe(ServerContract.LivePath, TimeSpan.FromSeconds(10), 6),
            Lifecycle = new() { PreStop = new() { Sleep = new() { Seconds = PreStopSeconds } } },
            TerminationMessagePath = ServerContract.TerminationLog,
            TerminationMessagePolicy = "File",
            SecurityContext = new()
            {
                AllowPrivilegeEscalation = false,
                ReadOnlyRootFilesystem = true,
                Capabilities = new() { Drop = ["ALL"] },
            },
            VolumeMounts = [.. Mounts(context.Model)],
        };
    }

    private static int StartupFailures(ModelDeployment model)
    {
        var deadline = GoDuration.Parse((model.Spec.Rollout ?? new()).ProgressDeadline);
        return (int)Math.Ceiling(deadline / StartupPeriod);
    }

    private static V1Probe Probe(string path, TimeSpan period, int failures) => new()
    {
        HttpGet = new() { Path = path, Port = Names.HttpPort },
        PeriodSeconds = DeploymentBuilder.Seconds(period),
        TimeoutSeconds = 3,
        FailureThreshold = failures,
    };

    private static V1ResourceRequirements Resources(ResourceRequirements? wanted) => wanted is null
        ? new() { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("250m"), ["memory"] = new("512Mi") } }
        : new()
        {
            Requests = Quantities(wanted.Requests),
            Limits = Quantities(wanted.Limits),
        };

    /// <summary>Of a spec that was found valid.</summary>
    private static Dictionary<string, ResourceQuantity>? Quantities(IReadOnlyDictionary<string, Quantity> wanted) =>
        wanted.Count == 0 ? null : wanted.ToDictionary(pair => pair.Key, pair => pair.Value.Value!);

    private static IEnumerable<V1VolumeMount> Mounts(ModelDeployment model)
    {
        yield return new() { Name = ConfigVolume, MountPath = ServerContract.ConfigDirectory, ReadOnlyProperty = true };
        // The whole directory: a subPath would never be refreshed.
        yield return new() { Name = LiveVolume, MountPath = ServerContract.LiveDirectory, ReadOnlyProperty = true };
        yield return new() { Name = "cache", MountPath = ServerContract.CacheDirectory };
        yield return new() { Name = "tmp", MountPath = "/tmp" };
        if (ModelClaim.Of(model.Spec.Model.Uri) is { } claim)
        {
            yield return new() { Name = ModelClaim.VolumeName, MountPath = ModelClaim.MountPath(claim), ReadOnlyProperty = true };
        }

        if (model.Spec.Model.CredentialsSecret.Length > 0)
        {
            yield return new() { Name = "credentials", MountPath = ServerContract.CredentialsDirectory, ReadOnlyProperty = true };
        }
    }

    private static IEnumerable<V1Volume> Volumes(DesireContext context)
    {
        yield return new() { Name = ConfigVolume, ConfigMap = new() { Name = Names.RevisionConfig(context.Model.Metadata.Name, context.Revision) } };
        yield return new() { Name = LiveVolume, ConfigMap = new() { Name = Names.LiveConfig(context.Model.Metadata.Name) } };
        yield return new() { Name = "cache", EmptyDir = new() };
        yield return new() { Name = "tmp", EmptyDir = new() };
        if (ModelClaim.Of(context.Model.Spec.Model.Uri) is { } claim)
        {
            yield return new() { Name = ModelClaim.VolumeName, PersistentVolumeClaim = new() { ClaimName = claim, ReadOnlyProperty = true } };
        }

        if (context.Model.Spec.Model.CredentialsSecret is { Length: > 0 } secret)
        {
            yield return new() { Name = "credentials", Secret = new() { SecretName = secret } };
        }
    }
}
