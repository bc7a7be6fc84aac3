using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Slipway.ModelServer.Inference.Outputs;
using Slipway.ModelServer.OnnxFiles;

namespace Slipway.ModelServer.Inference;

/// <summary>The inputs and outputs of a graph, in the graph's order. Outputs that are maps stand here as the tensors that they are served as.</summary>
internal sealed record Signature(IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<ServedOutput> Outputs)
{
    /// <summary>More tensors than this on one side is refused: requests name each of them.</summary>
    public const int MostTensors = 1024;

    /// <summary>Refuses what the protocol cannot carry before the model is opened, while it can be named: the binding only throws.</summary>
    /// <exception cref="ModelRejectedException">An input or output has no form in the protocol.</exception>
    public static void RequireServable(GraphOutline outline)
    {
        foreach (var (side, values) in new[] { ("input", outline.Inputs), ("output", outline.Outputs) })
        {
            foreach (var value in values)
            {
                RequireServable(side, value);
            }
        }
    }

    /// <exception cref="ModelRejectedException">An input or output has no form in the protocol.</exception>
    public static Signature Of(InferenceSession session, GraphOutline outline)
    {
        var inputs = session.InputNames.Select(name => Tensor("input", name, session.InputMetadata[name])).ToArray();
        Require("input", inputs.Length, least: 0);
        Require("output", session.OutputNames.Count, least: 1);
        var rows = inputs is [{ FirstAxis: { } axis }, ..] ? axis : "";
        return new(inputs, [.. session.OutputNames.Select(name => Output(name, session.OutputMetadata[name], rows, outline))]);
    }

    private static void Require(string side, int count, int least)
    {
        if (count < least || count > MostTensors)
        {
            throw new ModelRejectedException($"The model has {count} {side}s; between {least} and {MostTensors} can be served.");
        }
    }

    // The runtime says nothing of a sequence's length; a map a row is what makes one.
    private static ServedOutput Output(string name, NodeMetadata node, string rows, GraphOutline outline)
    {
        if (node.OnnxValueType != OnnxValueType.ONNX_TYPE_SEQUENCE || !HoldsMaps(node))
        {
            return new ServedOutput(Tensor("output", name, node), name);
        }

        return outline.ZipMaps.TryGetValue(name, out var keys)
            ? MapOutputs.WithColumns(name, rows, MapColumns.Of(keys))
            : MapOutputs.AsJson(name, rows);
    }

    private static TensorSpec Tensor(string side, string name, NodeMetadata node)
    {
        if (node.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR)
        {
            throw NoTensor(side, name, Kind(node.OnnxValueType));
        }

        if (!Datatypes.TryFrom(node.ElementDataType, out var datatype))
        {
            throw NoDatatype(side, name, node.ElementDataType.ToString());
        }

        var firstAxis = node.Dimensions is [< 0, ..] && node.SymbolicDimensions is [{ } symbol, ..] ? symbol : "";
        return new TensorSpec(name, datatype, [.. node.Dimensions.Select(axis => (long)axis)], firstAxis);
    }

    private static bool HoldsMaps(NodeMetadata node) =>
        node.AsSequenceMetadata().ElementMeta is { OnnxValueType: OnnxValueType.ONNX_TYPE_MAP } element
        && element.AsMapMetadata() is { KeyDataType: TensorElementType.String or TensorElementType.Int64, ValueMetadata.ElementDataType: TensorElementType.Float };

    private static void RequireServable(string side, OutlinedValue value)
    {
        switch (value.Kind)
        {
            case OutlinedKind.Unstated or OutlinedKind.Tensor when value.ElementType == 0 || OnnxElements.IsServed(value.ElementType):
                return;
            case OutlinedKind.SequenceOfMaps when side == "output":
                return;
            case OutlinedKind.Tensor:
                throw NoDatatype(side, value.Name, OnnxElements.Name(value.ElementType));
            case OutlinedKind.Sequence:
                throw NoTensor(side, value.Name, Kind(OnnxValueType.ONNX_TYPE_SEQUENCE));
            case OutlinedKind.SequenceOfMaps:
                throw NoTensor(side, value.Name, "a sequence of maps");
            case OutlinedKind.Map:
                throw NoTensor(side, value.Name, Kind(OnnxValueType.ONNX_TYPE_MAP));
            case OutlinedKind.SparseTensor:
                throw NoTensor(side, value.Name, Kind(OnnxValueType.ONNX_TYPE_SPARSETENSOR));
            case OutlinedKind.Optional:
                throw NoTensor(side, value.Name, Kind(OnnxValueType.ONNX_TYPE_OPTIONAL));
        }
    }

    private static ModelRejectedException NoTensor(string side, string name, string kind) => new(
        $"The {side} '{name}' is not a tensor but {kind}, for which the protocol has no form; export the model so that this {side} is a plain tensor, or leave it out.");

    private static ModelRejectedException NoDatatype(string side, string name, string element) => new(
        $"The {side} '{name}' has elements of type {element}, for which the protocol has no name; export the model with another element type there, such as float or int64.");

    private static string Kind(OnnxValueType type) => type switch
    {
        OnnxValueType.ONNX_TYPE_SEQUENCE => "a sequence",
        OnnxValueType.ONNX_TYPE_MAP => "a map",
        OnnxValueType.ONNX_TYPE_SPARSETENSOR => "a sparse tensor",
        OnnxValueType.ONNX_TYPE_OPTIONAL => "an optional value",
        _ => $"a value of kind {type}",
    };
}
