namespace Slipway.ModelServer.OnnxFiles;

/// <summary>What a model file says of its graph's ends, read before ONNX Runtime opens it.</summary>
/// <param name="Inputs">Without those that have a value of their own in the file.</param>
/// <param name="ZipMaps">The keys of each output that a ZipMap node makes, in the file's order.</param>
internal sealed record GraphOutline(
    IReadOnlyList<OutlinedValue> Inputs, IReadOnlyList<OutlinedValue> Outputs, IReadOnlyDictionary<string, ZipMapKeys> ZipMaps);

/// <summary>An input or output as the file declares it; an output may be declared without a type.</summary>
/// <param name="ElementType">ONNX's number for the elements of a tensor, 0 when it is not stated or the value is no tensor.</param>
internal sealed record OutlinedValue(string Name, OutlinedKind Kind, int ElementType);

internal enum OutlinedKind
{
    Unstated, Tensor, SparseTensor, Sequence, SequenceOfMaps, Map, Optional,
}

/// <summary>The keys of a ZipMap node: one of the two lists is empty.</summary>
internal sealed record ZipMapKeys(IReadOnlyList<string> Strings, IReadOnlyList<long> Numbers);
