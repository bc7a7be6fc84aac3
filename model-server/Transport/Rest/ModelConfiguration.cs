using Slipway.ModelServer.Batching;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>How a version is served, in the words of Triton's model configuration, as far as those words fit what this server does.</summary>
internal sealed record ModelConfiguration(
    string Name,
    string Platform,
    string Backend,
    long MaxBatchSize,
    IReadOnlyList<ConfiguredTensor> Input,
    IReadOnlyList<ConfiguredTensor> Output,
    IReadOnlyList<InstanceGroup> InstanceGroup,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] DynamicBatching? DynamicBatching)
{
    public static ModelConfiguration Of(ModelVersion version)
    {
        var plan = version.Scheduler.Plan;
        var isBatched = plan.MaxBatchRows > 1;
        return new(
            version.Model,
            "onnxruntime_onnx",
            "onnxruntime",
            isBatched ? plan.MaxBatchRows : 0,
            [.. version.Session.Inputs.Select(spec => Describe(spec, isBatched))],
            [.. version.Session.Outputs.Select(spec => Describe(spec, isBatched))],
            [new InstanceGroup(plan.Workers, "KIND_CPU")],
            isBatched ? new DynamicBatching((long)version.Scheduler.MaxDelay.TotalMicroseconds) : null);
    }

    // Where calls are batched, the words leave the axis of rows out.
    private static ConfiguredTensor Describe(TensorSpec spec, bool isBatched) =>
        new(spec.Name, $"TYPE_{(spec.Datatype == Datatype.Bytes ? "STRING" : spec.Datatype.Name())}", [.. isBatched ? spec.Shape.Skip(1) : spec.Shape]);
}

/// <param name="Dims">−1 for a dynamic axis.</param>
internal sealed record ConfiguredTensor(string Name, string DataType, IReadOnlyList<long> Dims);

/// <param name="Count">Calls that run at a time.</param>
internal sealed record InstanceGroup(int Count, string Kind);

internal sealed record DynamicBatching(long MaxQueueDelayMicroseconds);
