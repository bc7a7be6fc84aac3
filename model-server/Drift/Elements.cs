using System.Numerics;
using System.Numerics.Tensors;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Drift;

/// <summary>How elements of a datatype are numbers that are calculated with.</summary>
internal interface IElement<T>
{
    static abstract void Numbers(ReadOnlySpan<T> elements, Span<double> numbers);
}

/// <summary>How an element of a datatype is a number of the least precision that holds all of them, as far as one does.</summary>
internal interface IElement<T, TWide> : IElement<T>
{
    static abstract TWide Widen(T element);
}

internal readonly struct Number<T, TWide> : IElement<T, TWide>
    where T : unmanaged, INumberBase<T>
    where TWide : unmanaged, INumberBase<TWide>
{
    static TWide IElement<T, TWide>.Widen(T element) => TWide.CreateTruncating(element);

    static void IElement<T>.Numbers(ReadOnlySpan<T> elements, Span<double> numbers) => TensorPrimitives.ConvertTruncating(elements, numbers);
}

/// <summary>A bfloat16 is the upper half of a float.</summary>
internal readonly struct BrainFloat : IElement<ushort, float>
{
    public static float Widen(ushort element) => BitConverter.UInt32BitsToSingle((uint)element << 16);

    public static void Numbers(ReadOnlySpan<ushort> elements, Span<double> numbers)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            numbers[i] = Widen(elements[i]);
        }
    }
}

/// <summary>Makes what watches tensors of one datatype.</summary>
internal abstract class Elements
{
    /// <summary>Not for BYTES.</summary>
    public static Elements Of(Datatype datatype) => datatype switch
    {
        Datatype.Bool or Datatype.UInt8 => new Elements<byte, float, Number<byte, float>>(),
        Datatype.UInt16 => new Elements<ushort, float, Number<ushort, float>>(),
        Datatype.UInt32 => new Elements<uint, double, Number<uint, double>>(),
        Datatype.UInt64 => new Elements<ulong, double, Number<ulong, double>>(),
        Datatype.Int8 => new Elements<sbyte, float, Number<sbyte, float>>(),
        Datatype.Int16 => new Elements<short, float, Number<short, float>>(),
        Datatype.Int32 => new Elements<int, double, Number<int, double>>(),
        Datatype.Int64 => new Elements<long, double, Number<long, double>>(),
        Datatype.FP16 => new Elements<Half, float, Number<Half, float>>(),
        Datatype.BF16 => new Elements<ushort, float, BrainFloat>(),
        Datatype.FP32 => new Elements<float, float, Number<float, float>>(),
        Datatype.FP64 => new Elements<double, double, Number<double, double>>(),
        _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "has no numbers"),
    };

    public abstract TensorWatch Numbers(NumberColumn[] columns);

    public abstract TensorWatch Categories(int column, int firstCell, WholeBins bins);

    public abstract TensorWatch Figure(BaselineFeature feature, int firstCell, NumericBins bins);

    public abstract TensorWatch TopClass(int firstCell, WholeBins bins);
}

internal sealed class Elements<T, TWide, TElement> : Elements
    where T : unmanaged, INumberBase<T>
    where TWide : unmanaged, IFloatingPointIeee754<TWide>
    where TElement : IElement<T, TWide>
{
    public override TensorWatch Numbers(NumberColumn[] columns) => new NumberColumns<T, TWide, TElement>(columns);

    public override TensorWatch Categories(int column, int firstCell, WholeBins bins) => new WholeColumn<T>(column, firstCell, bins);

    public override TensorWatch Figure(BaselineFeature feature, int firstCell, NumericBins bins) =>
        new RowFigure<T, TElement>(feature, firstCell, bins);

    public override TensorWatch TopClass(int firstCell, WholeBins bins) => new TopClass<T, TElement>(firstCell, bins);
}
