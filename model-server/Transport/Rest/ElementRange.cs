using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Neighbouring elements of an input tensor, and the shape in which they are given: the whole tensor, or one row of it.</summary>
internal readonly ref struct ElementRange(TensorSpec spec, TensorBuffer target, ReadOnlySpan<long> shape, int first, int count)
{
    /// <summary>The whole tensor.</summary>
    public ElementRange(TensorSpec spec, TensorBuffer target)
        : this(spec, target, target.Shape, 0, target.Count)
    {
    }

    public TensorSpec Spec => spec;

    public TensorBuffer Target => target;

    public ReadOnlySpan<long> Shape { get; } = shape;

    /// <summary>Of the tensor's elements.</summary>
    public int First => first;

    /// <summary>The product of <see cref="Shape"/>.</summary>
    public int Count => count;
}
