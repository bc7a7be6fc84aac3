using Slipway.Api;

namespace Slipway.Operator.Decide;

/// <summary>Turns a server's report into status, cut to what the schema allows so that a large model cannot make status unwritable.</summary>
internal static class ServedModel
{
    private const int MaxName = 256;
    private const int MaxDatatype = 16;
    private const int MaxVersion = 63;
    private const int MaxDigest = 71;

    public static ModelStatus From(ServerStatus report)
    {
        var (inputs, outputs) = (Tensors(report.Inputs), Tensors(report.Outputs));
        return new()
        {
            Version = report.Version.Length <= MaxVersion ? report.Version : report.Version[..MaxVersion],
            Digest = report.Digest.Length <= MaxDigest ? report.Digest : "",
            Inputs = inputs,
            Outputs = outputs,
            Truncated = inputs.Count < report.Inputs.Count || outputs.Count < report.Outputs.Count ? true : null,
        };
    }

    private static List<TensorStatus> Tensors(IReadOnlyList<TensorDescription> tensors) =>
        [.. tensors
            .Where(tensor => tensor.Name.Length <= MaxName && tensor.Datatype.Length <= MaxDatatype && tensor.Shape.Count <= TensorStatus.MaxRank)
            .DistinctBy(tensor => tensor.Name, StringComparer.Ordinal)
            .Take(ModelStatus.MaxTensors)
            .Select(tensor => new TensorStatus { Name = tensor.Name, Datatype = tensor.Datatype, Shape = tensor.Shape })];
}
