using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>Reads a model's inputs and outputs, and refuses what the protocol cannot carry.</summary>
internal static class Signature
{
    /// <summary>More tensors than this on one side is refused: requests name each of them.</summary>
    public const int MostTensors = 1024;

    public static IReadOnlyList<TensorSpec> Inputs(InferenceSession session) => Read("input", session.InputNames, session.InputMetadata);

    public static IReadOnlyList<TensorSpec> Outputs(InferenceSession session) => Read("output", session.OutputNames, session.OutputMetadata);

    private static TensorSpec[] Read(string side, IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        names.Count is >= 1 and <= MostTensors
            ? [.. names.Select(name => Read(side, name, nodes[name]))]
            : throw new ModelRejectedException($"The model has {names.Count} {side}s; between 1 and {MostTensors} can be served.");

    private static TensorSpec Read(string side, string name, NodeMetadata node)
    {
        if (node.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR)
        {
            throw new ModelRejectedException(
                $"The {side} '{name}' is not a tensor but {Kind(node.OnnxValueType)}; export the model so that it gives plain tensors (for scikit-learn: with zipmap switched off).");
        }

        if (!Datatypes.TryFrom(node.ElementDataType, out var datatype))
        {
            throw new ModelRejectedException(
                $"The {side} '{name}' has elements of type {node.ElementDataType}, for which the protocol has no name; export it with another element type.");
        }

        var firstAxis = node.Dimensions is [< 0, ..] && node.SymbolicDimensions is [{ } symbol, ..] ? symbol : "";
        return new TensorSpec(name, datatype, [.. node.Dimensions.Select(axis => (long)axis)], firstAxis);
    }

    private static string Kind(OnnxValueType type) => type switch
    {
        OnnxValueType.ONNX_TYPE_SEQUENCE => "a sequence",
        OnnxValueType.ONNX_TYPE_MAP => "a map",
        OnnxValueType.ONNX_TYPE_SPARSETENSOR => "a sparse tensor",
        OnnxValueType.ONNX_TYPE_OPTIONAL => "an optional value",
        _ => $"a value of kind {type}",
    };
}
