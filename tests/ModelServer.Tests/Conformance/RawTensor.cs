using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>A tensor in the protocol's binary form.</summary>
internal sealed record RawTensor(Datatype Datatype, long[] Shape, byte[] Bytes)
{
    public bool IsSame(RawTensor other) =>
        Datatype == other.Datatype && Shape.AsSpan().SequenceEqual(other.Shape) && Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override string ToString() => $"{Datatype.Name()} {TensorSpec.Format(Shape)}, {Bytes.Length} bytes";
}
