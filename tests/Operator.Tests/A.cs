using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Tests;

/// <summary>Valid objects; a test states only what it is about.</summary>
internal static class A
{
    public const string ServerImage = "registry.example/model-server:1";

    public static ModelDeployment Model(
        string version = "7",
        int replicas = 2,
        string credentialsSecret = "",
        string uri = "s3://acme-models/fraud-detector",
        string serviceAccountName = "",
        ServerSpec? server = null,
        AutoscalingSpec? autoscaling = null,
        NetworkPolicySpec? networkPolicy = null,
        MonitoringSpec? monitoring = null,
        RolloutSpec? rollout = null,
        string digest = "",
        JsonObject? podTemplate = null,
        ModelDeploymentStatus? status = null) => new()
        {
            Metadata = new V1ObjectMeta { Name = "fraud-detector", NamespaceProperty = "payments", Uid = "uid-1", Generation = 3 },
            Spec = new()
            {
                Model = new() { Uri = uri, Version = version, Digest = digest, CredentialsSecret = credentialsSecret },
                Replicas = replicas,
                Server = server,
                Autoscaling = autoscaling,
                NetworkPolicy = networkPolicy,
                Monitoring = monitoring,
                Rollout = rollout,
                ServiceAccountName = serviceAccountName,
                PodTemplate = podTemplate,
            },
            Status = status,
        };

    /// <summary>One to ten pods at 70 percent of their CPU.</summary>
    public static AutoscalingSpec Autoscaling(int min = 1, int max = 10, string engine = "HPA", KedaSpec? keda = null, JsonObject? behavior = null, params (string Type, int Target)[] metrics) => new()
    {
        MinReplicas = min,
        MaxReplicas = max,
        Engine = engine,
        Metrics = [.. (metrics.Length > 0 ? metrics : [("Cpu", 70)]).Select(metric => new MetricSpec { Type = metric.Type, Target = metric.Target })],
        Keda = keda,
        Behavior = behavior,
    };

    public static DesireContext Context(ModelDeployment? model = null) =>
        new(model ?? Model(), "0123456789", ServerImage);

    public static V1Deployment Built(DesireContext? context = null) => DeploymentBuilder.Build(context ?? Context(), PodTemplatePlan.New(DeploymentBuilder.Template(context ?? Context())));

    /// <summary>The Deployment of <paramref name="model"/> as its controller reports it; all pods are up unless a count says otherwise.</summary>
    public static V1Deployment Deployment(ModelDeployment model, int? updated = null, int? available = null, int? all = null, bool observed = true, string progressing = "NewReplicaSetAvailable")
    {
        var deployment = Built(new(model, Revision.Of(model.Spec), ServerImage));
        deployment.Metadata.Generation = 5;
        deployment.Metadata.Uid = "uid-d";
        deployment.Status = new()
        {
            ObservedGeneration = observed ? 5 : 4,
            Replicas = all ?? model.Spec.Replicas,
            UpdatedReplicas = updated ?? model.Spec.Replicas,
            AvailableReplicas = available ?? model.Spec.Replicas,
            ReadyReplicas = available ?? model.Spec.Replicas,
            Conditions = [new() { Type = "Progressing", Status = "True", Reason = progressing, Message = "told by the Deployment." }],
        };
        return deployment;
    }

    /// <summary>The record of <paramref name="model"/>'s revision as the cache has it.</summary>
    public static V1ControllerRevision Record(ModelDeployment model, long number, string digest = "")
    {
        var record = ControllerRevisionBuilder.Build(new(model, Revision.Of(model.Spec), ServerImage) { Digest = digest }, []);
        record.Revision = number;
        return KubernetesJson.Deserialize<V1ControllerRevision>(KubernetesJson.Serialize(record));
    }

    public static V1Pod Pod(ModelDeployment model, string name = "fraud-detector-x-1", bool ready = false, V1ContainerState? state = null, V1ContainerState? last = null, V1PodCondition? condition = null) => new()
    {
        Metadata = new()
        {
            Name = name,
            NamespaceProperty = "payments",
            Labels = new Dictionary<string, string> { [Names.ModelLabel] = model.Metadata.Name, [Names.RevisionLabel] = Revision.Of(model.Spec) },
        },
        Status = new()
        {
            PodIP = "127.0.0.9",
            Conditions = [condition ?? new() { Type = "Ready", Status = ready ? "True" : "False" }],
            ContainerStatuses =
            [
                new() { Name = Names.ServerContainer, Image = ServerImage, ImageID = "", Ready = ready, RestartCount = 2, State = state ?? new() { Running = new() }, LastState = last },
            ],
        },
    };

    public static Observed Observed(ModelDeployment model, V1Deployment? deployment, params V1Pod[] pods) =>
        new(model, deployment, [], pods, [], new Dictionary<string, ServerStatus>());

    /// <summary>All is up, and the server of one pod told what it serves.</summary>
    public static Observed Reported(ModelDeployment model, string digest) => Observed(model, Deployment(model), Pod(model, "p", ready: true)) with
    {
        Reports = new Dictionary<string, ServerStatus>
        {
            ["p"] = new() { Version = model.Spec.Model.Version, Digest = digest, State = ServerState.Ready, Inputs = [new("features", "FP32", [-1, 8])] },
        },
    };

    public static Situation Situation(Observed observed, params ApplyProblem[] problems) =>
        new(observed, Desired.For(observed, new(ServerImage)), problems);
}
