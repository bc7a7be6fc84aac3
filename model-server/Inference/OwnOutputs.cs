using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>
/// Memory for the outputs of a call, kept with it from request to request, for a model whose outputs have as many rows as its inputs and are
/// otherwise of fixed shape. A run that writes into it allocates nothing, and nobody has to ask the runtime what came out.
/// </summary>
internal sealed class OwnOutputs(IReadOnlyList<TensorSpec> outputs) : IRunOutputs, IDisposable
{
    private readonly TensorBuffer[] _buffers = [.. outputs.Select(spec => new TensorBuffer(spec))];
    private readonly OrtValue[] _values = new OrtValue[outputs.Count];

    public int Count => _values.Length;

    /// <summary>Bytes that are kept.</summary>
    public nuint Capacity
    {
        get
        {
            nuint kept = 0;
            foreach (var buffer in _buffers)
            {
                kept += buffer.Capacity;
            }

            return kept;
        }
    }

    /// <summary>Whether the shapes of all outputs follow from the number of rows that all inputs share.</summary>
    public static bool Suit(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs)
    {
        var rows = inputs.Count > 0 ? inputs[0].FirstAxis : "";
        return rows.Length > 0
            && inputs.All(spec => spec.FirstAxis == rows)
            && outputs.All(spec => spec.FirstAxis == rows && spec.Datatype != Datatype.Bytes && spec.Shape.Skip(1).All(axis => axis >= 0));
    }

    /// <summary>Makes room for so many rows.</summary>
    /// <param name="values">The outputs in their order, for the runtime to write into; valid until the next call.</param>
    /// <returns>False when an output would be larger than a tensor may be.</returns>
    public bool TryPrepare(long rows, out IReadOnlyCollection<OrtValue> values)
    {
        values = _values;
        for (var i = 0; i < _buffers.Length; i++)
        {
            if (!TryPrepare(_buffers[i], outputs[i].Shape, rows))
            {
                return false;
            }

            _values[i] = _buffers[i].Value;
        }

        return true;
    }

    public OutputTensor Output(TensorSpec spec, int index, long firstRow, long rows) => new(spec, _buffers[index]);

    /// <summary>The memory stays with the call.</summary>
    public void Release()
    {
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }
    }

    private static bool TryPrepare(TensorBuffer buffer, IReadOnlyList<long> axes, long rows)
    {
        Span<long> shape = stackalloc long[axes.Count];
        var count = rows;
        shape[0] = rows;
        for (var axis = 1; axis < shape.Length; axis++)
        {
            shape[axis] = axes[axis];
            if (axes[axis] > 0 && count > int.MaxValue / axes[axis])
            {
                return false;
            }

            count *= axes[axis];
        }

        if (count > int.MaxValue)
        {
            return false;
        }

        buffer.Prepare(shape, (int)count);
        return true;
    }
}
