using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>What one row of a served tensor holds: all behind its first axis.</summary>
internal readonly ref struct TensorRow
{
    private readonly OutputTensor _tensor;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _first;

    /// <param name="bytes">All of the tensor's, which are asked for once a batch; none for BYTES.</param>
    public TensorRow(OutputTensor tensor, ReadOnlySpan<byte> bytes, int row)
    {
        _tensor = tensor;
        _bytes = bytes;
        Width = tensor.Count / (int)tensor.Shape[0];
        _first = row * Width;
    }

    public TensorSpec Spec => _tensor.Spec;

    public int Width { get; }

    /// <summary>Length of the axis behind the first.</summary>
    public int Channels => (int)_tensor.Shape[1];

    /// <summary>An element of any type but BYTES; BOOL is 0 or 1.</summary>
    public double Number(int column) => Spec.Datatype switch
    {
        Datatype.FP32 => At<float>(column),
        Datatype.FP64 => At<double>(column),
        Datatype.FP16 => (double)At<Half>(column),
        Datatype.BF16 => At<BFloat16>(column).ToFloat(),
        _ => (double)Whole(column),
    };

    /// <summary>An element of a type without fractions.</summary>
    public Int128 Whole(int column) => Spec.Datatype switch
    {
        Datatype.Bool or Datatype.UInt8 => At<byte>(column),
        Datatype.UInt16 => At<ushort>(column),
        Datatype.UInt32 => At<uint>(column),
        Datatype.UInt64 => At<ulong>(column),
        Datatype.Int8 => At<sbyte>(column),
        Datatype.Int16 => At<short>(column),
        Datatype.Int32 => At<int>(column),
        Datatype.Int64 => At<long>(column),
        _ => throw new InvalidOperationException($"{Spec} does not hold whole numbers."),
    };

    /// <summary>An element of BYTES.</summary>
    public ReadOnlySpan<byte> Text(int column) => _tensor.Text(_first + column);

    private T At<T>(int column) where T : unmanaged => MemoryMarshal.Cast<byte, T>(_bytes)[_first + column];
}
