using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using k8s.Models;
using Slipway.Api.Crd;

namespace Slipway.Api;

/// <summary>What the operator saw. Computed whole each time; only transition times are carried over.</summary>
public sealed record ModelDeploymentStatus
{
    /// <summary>Generation of a status that the operator has not written yet.</summary>
    public const long Unseen = -1;

    [Description("metadata.generation that this status speaks of; -1 until the operator has seen the object.")]
    public long ObservedGeneration { get; init; }

    [Description("Where the model answers inside the cluster.")]
    [MaxLength(2048)]
    public string Url { get; init; } = "";

    [Description("Pods that exist, of any revision.")]
    public int Replicas { get; init; }

    [Description("Pods that answer requests.")]
    public int ReadyReplicas { get; init; }

    [Description("Label selector of the pods, in the form that the scale subresource needs.")]
    [MaxLength(512)]
    public string Selector { get; init; } = "";

    [Description("The version in force; absent until a pod has loaded it.")]
    public ModelStatus? Model { get; init; }

    [Description("How far live data has strayed from the baseline; absent while drift is not watched, or cannot be told of any feature.")]
    public DriftStatus? Drift { get; init; }

    [Description(
        "Ready: the whole spec is in force. Serving: some version answers requests now. Autoscaled, while autoscaling is set: the number of pods follows the load. Monitored, while monitoring is set: its rules are in the cluster. Drifted, while drift is watched: live data has strayed from the baseline. Reconciling and Stalled: present and True only "
        + "while a change is under way, or while only the user can mend a fault.")]
    [MaxItems(16)]
    [ListMapKeys("type")]
    public IReadOnlyList<V1Condition> Conditions { get; init; } = [];
}

/// <summary>The feature that has strayed most. Written anew when the Drifted condition changes, or when the score has moved by 0.05, at most every 5 minutes.</summary>
public sealed record DriftStatus
{
    [Description("Population stability index of the feature.")]
    [Range(0.0, 100.0)]
    public required decimal Score { get; init; }

    [MaxLength(160)]
    [Description("Name of the feature in baseline.json; output. stands before one of an output.")]
    public required string Feature { get; init; }

    [Description("Share of the window that the pods could tell of, 0 to 1; what pods counted that are gone is not in it.")]
    [Range(0.0, 1.0)]
    public required decimal Coverage { get; init; }

    [Description("When this was seen.")]
    public required DateTime ObservedAt { get; init; }
}

/// <summary>What a ready pod reported of the version that it loaded.</summary>
public sealed record ModelStatus
{
    [MaxLength(63)]
    [Description("Name of the version's folder.")]
    public required string Version { get; init; }

    [MaxLength(71)]
    [Description("Digest of the loaded bytes.")]
    public string Digest { get; init; } = "";

    [Description("Inputs of the model, at most 64.")]
    [MaxItems(MaxTensors)]
    [ListMapKeys("name")]
    public IReadOnlyList<TensorStatus> Inputs { get; init; } = [];

    [Description("Outputs of the model, at most 64.")]
    [MaxItems(MaxTensors)]
    [ListMapKeys("name")]
    public IReadOnlyList<TensorStatus> Outputs { get; init; } = [];

    [Description("True when the model has more tensors than are listed; the server's metadata lists all.")]
    public bool? Truncated { get; init; }

    /// <summary>Tensors that are listed per direction.</summary>
    public const int MaxTensors = 64;
}

/// <summary>One tensor of the model's signature.</summary>
public sealed record TensorStatus
{
    [MaxLength(256)]
    [Description("Name of the tensor in the graph.")]
    public required string Name { get; init; }

    [MaxLength(16)]
    [Description("Datatype in the words of the Open Inference Protocol.")]
    public required string Datatype { get; init; }

    [MaxItems(MaxRank)]
    [Description("Shape; -1 stands for an axis of any length.")]
    public IReadOnlyList<long> Shape { get; init; } = [];

    /// <summary>Axes that are listed per tensor.</summary>
    public const int MaxRank = 16;
}
