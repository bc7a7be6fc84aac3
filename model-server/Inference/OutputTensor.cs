using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>One output of one call: its own rows of what the run gave. Valid until the call's <see cref="InferResult"/> is disposed.</summary>
internal readonly struct OutputTensor
{
    private readonly OrtValue _value;
    private readonly TensorBuffer? _buffer;
    private readonly long[]? _given;
    private readonly int _first;

    /// <param name="rows">Rows of the first axis that belong to the call; −1 for the whole tensor, whatever its shape.</param>
    public OutputTensor(TensorSpec spec, OrtValue value, long firstRow, long rows)
    {
        Spec = spec;
        _value = value;
        _given = value.GetTensorTypeAndShape().Shape;
        if (rows >= 0)
        {
            _given[0] = rows;
        }

        long count = 1;
        foreach (var axis in _given)
        {
            count *= axis;
        }

        Count = checked((int)count);
        _first = rows > 0 ? checked((int)(firstRow * (count / rows))) : 0;
    }

    /// <param name="buffer">Holds the whole output.</param>
    public OutputTensor(TensorSpec spec, TensorBuffer buffer)
    {
        Spec = spec;
        _value = buffer.Value;
        _buffer = buffer;
        Count = buffer.Count;
    }

    public TensorSpec Spec { get; }

    public ReadOnlySpan<long> Shape => _buffer is null ? _given : _buffer.Shape;

    public int Count { get; }

    /// <summary>The elements, row-major, as the type of their size: BF16 comes as its bits. Not for BYTES.</summary>
    public ReadOnlySpan<T> Elements<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>The elements' memory, little-endian. Not for BYTES.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            if (Count == 0)
            {
                return [];
            }

            if (_buffer is not null)
            {
                return _buffer.Bytes;
            }

            var size = Spec.Datatype.Size();
            var all = _value.GetTensorMutableRawData();
            return all.Slice(checked(_first * size), checked(Count * size));
        }
    }

    /// <summary>The bytes of one element of BYTES.</summary>
    public ReadOnlySpan<byte> Text(int index) => _value.GetStringElementAsSpan(_first + index);
}
