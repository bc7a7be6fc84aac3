using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>
/// The memory of one input tensor, outside the managed heap, kept from request to request. The OrtValue over it is made again only when
/// the shape changes. One owner at a time; not safe for use from two threads.
/// </summary>
internal sealed unsafe class TensorBuffer(TensorSpec spec) : IDisposable
{
    private const nuint Alignment = 64;

    private void* _data;
    private nuint _capacity;
    private long[] _shape = [];
    private OrtValue? _value;

    public nuint Capacity => _capacity;

    /// <summary>The tensor as ONNX Runtime takes it; valid after <see cref="Prepare"/>.</summary>
    public OrtValue Value => _value ?? throw new InvalidOperationException("The tensor has not been prepared.");

    /// <summary>Elements of the shape last prepared.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Makes room for <paramref name="count"/> elements, the product of <paramref name="shape"/>. What was there is undefined.</summary>
    public void Prepare(ReadOnlySpan<long> shape, int count)
    {
        if (spec.Datatype == Datatype.Bytes)
        {
            _value?.Dispose();
            _shape = shape.ToArray();
            _value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, _shape);
            Count = count;
            return;
        }

        var bytes = (nuint)count * (nuint)spec.Datatype.Size();
        var sameMemory = bytes <= _capacity && _data != null;
        if (sameMemory && _value is not null && shape.SequenceEqual(_shape))
        {
            return;
        }

        _value?.Dispose();
        _value = null;
        if (!sameMemory)
        {
            Reserve(bytes);
        }

        _shape = shape.ToArray();
        Count = count;
        _value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, spec.Datatype.Element(), _shape, (nint)_data, (long)bytes);
    }

    /// <summary>The elements, row-major. Not for BYTES.</summary>
    public Span<T> Elements<T>() where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != spec.Datatype.Size())
        {
            throw new InvalidOperationException($"{spec} does not hold elements of {typeof(T).Name}.");
        }

        return new Span<T>(_data, Count);
    }

    /// <summary>The elements' memory. Not for BYTES.</summary>
    public Span<byte> Bytes => new(_data, checked(Count * spec.Datatype.Size()));

    public void SetString(int index, ReadOnlySpan<byte> utf8) => Value.StringTensorSetElementAt(utf8, index);

    /// <summary>Lets go of strings, which ONNX Runtime holds outside of <see cref="Capacity"/>.</summary>
    public void Forget()
    {
        if (spec.Datatype == Datatype.Bytes)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _value?.Dispose();
        _value = null;
        NativeMemory.AlignedFree(_data);
        _data = null;
        _capacity = 0;
    }

    private void Reserve(nuint bytes)
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        _capacity = Math.Max(Alignment, bytes);
        _data = NativeMemory.AlignedAlloc(_capacity, Alignment);
    }
}
