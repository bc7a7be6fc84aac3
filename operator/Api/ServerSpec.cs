using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Slipway.Api.Crd;

namespace Slipway.Api;

/// <summary>How one pod serves.</summary>
[Cel(
    "duration(self.batching.maxDelay) < duration(self.requestTimeout)",
    "batching.maxDelay must be less than requestTimeout, or requests time out while they wait for others", FieldPath = ".batching.maxDelay")]
public sealed record ServerSpec
{
    [Description("Image of the model server. Empty: the operator's --server-image.")]
    [MaxLength(512)]
    public string Image { get; init; } = "";

    [Description("Compute resources of the server's container. Absent: requests of 250m CPU and 512Mi memory, no limits.")]
    public ResourceRequirements? Resources { get; init; }

    [Description("Whether and how requests run together. A model.yaml beside the model wins over it.")]
    public BatchingSpec Batching { get; init; } = new();

    [Description("Threads that ONNX Runtime uses for one run.")]
    public ThreadsSpec Threads { get; init; } = new();

    [Description("Further settings of ONNX Runtime. A model.yaml beside the model wins over them.")]
    public RuntimeSpec Runtime { get; init; } = new();

    [Description(
        "Requests under way in one pod at most; more are answered 429. 0: admit while the estimated wait fits half of the request's deadline. A change "
        + "reaches running servers without a restart.")]
    [Range(0, 1_000_000)]
    public int MaxConcurrency { get; init; }

    [Description(
        "Requests that get a line in the log of the server, as JSON with id, model, version, protocol, code, duration and trace, and never with what was asked or "
        + "answered: None, Errors (those that did not end with ok) or All. A change reaches running servers without a restart.")]
    [AllowedValues("None", "Errors", "All")]
    public string RequestLog { get; init; } = "None";

    [Description(
        "Longest time a request may take, as a Go duration from 1ms to 1h; then it is answered with 504, or with 408 while it has not come whole. A change "
        + "makes new pods, whose time to finish depends on it.")]
    [GoDuration("1ms", "1h")]
    public string RequestTimeout { get; init; } = "30s";
}

/// <summary>Requests and limits by resource name.</summary>
public sealed record ResourceRequirements
{
    [Description("The least that is reserved, by resource name: cpu, memory, ephemeral-storage or an extended resource.")]
    [MaxProperties(16)]
    public IReadOnlyDictionary<string, Quantity> Requests { get; init; } = new Dictionary<string, Quantity>();

    [Description("The most that may be used, by resource name.")]
    [MaxProperties(16)]
    public IReadOnlyDictionary<string, Quantity> Limits { get; init; } = new Dictionary<string, Quantity>();
}

/// <summary>ONNX Runtime's thread pools.</summary>
public sealed record ThreadsSpec
{
    [Description("Threads inside one operator of the graph. More help heavy models at low load and cost throughput at high load.")]
    [Range(1, 256)]
    public int IntraOp { get; init; } = 1;

    [Description("Threads across independent operators of the graph.")]
    [Range(1, 256)]
    public int InterOp { get; init; } = 1;
}

/// <summary>Whether and how requests run together.</summary>
public sealed record BatchingSpec
{
    [Description(
        "Auto: when the model allows it, rows run together come out as rows run apart, and it is cheaper. \"On\" and \"Off\" are written in "
        + "quotes, without which YAML takes them for true and false.")]
    [AllowedValues("Auto", "On", "Off")]
    public string Mode { get; init; } = "Auto";

    [Description("Rows that run together at most.")]
    [Range(1, 65_536)]
    public int MaxBatchSize { get; init; } = 32;

    [Description(
        "How long a request may wait for others to join it, as a Go duration from 0s to 10s; 0s takes only those that wait already. A change "
        + "reaches running servers without a restart.")]
    [GoDuration("0s", "10s")]
    public string MaxDelay { get; init; } = "0s";
}

/// <summary>How ONNX Runtime loads and runs the model, besides its threads.</summary>
public sealed record RuntimeSpec
{
    [Description("How far the graph is rewritten at load: Disabled, Basic (what is exact everywhere), Extended (fused operators too) or All (memory layouts too).")]
    [AllowedValues("Disabled", "Basic", "Extended", "All")]
    public string Optimization { get; init; } = "All";

    [Description("Whether independent operators of the graph run at the same time. Auto: when threads.interOp is more than 1.")]
    [AllowedValues("Auto", "Sequential", "Parallel")]
    public string Execution { get; init; } = "Auto";

    [Description("Whether memory is kept between runs; false saves memory and costs time.")]
    public bool MemoryArena { get; init; } = true;

    [Description("Whether the memory that a shape needs is planned once; false helps models whose shapes always change.")]
    public bool MemoryPattern { get; init; } = true;

    [Description("Runs at a time in one pod. 0: as many as its CPU limit carries with threads.intraOp each.")]
    [Range(0, 1024)]
    public int Instances { get; init; }
}
