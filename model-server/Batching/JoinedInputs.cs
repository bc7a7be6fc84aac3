using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Batching;

/// <summary>The inputs of several calls one after the other in memory of their own, which is kept from batch to batch. One thread at a time.</summary>
internal sealed class JoinedInputs(ModelSession session) : IDisposable
{
    private readonly TensorBuffer[] _buffers = [.. session.GraphInputs.Select(spec => new TensorBuffer(spec))];
    private readonly OrtValue[] _values = new OrtValue[session.GraphInputs.Count];

    /// <summary>The tensors as ONNX Runtime takes them, in the model's order; valid until the next call.</summary>
    public IReadOnlyCollection<OrtValue> Join(IReadOnlyList<InferCall> calls)
    {
        for (var input = 0; input < _buffers.Length; input++)
        {
            Prepare(input, calls);
            if (session.GraphInputs[input].Datatype == Datatype.Bytes)
            {
                CopyTexts(input, calls);
            }
            else
            {
                CopyElements(input, calls);
            }

            _values[input] = _buffers[input].Value;
        }

        return _values;
    }

    /// <summary>Lets go of strings, which ONNX Runtime would hold until the next batch.</summary>
    public void Forget()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Forget();
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }
    }

    private void Prepare(int input, IReadOnlyList<InferCall> calls)
    {
        var shape = calls[0].GraphInput(input).Shape.ToArray();
        var count = 0;
        shape[0] = 0;
        foreach (var call in calls)
        {
            shape[0] += call.GraphInput(input).Shape[0];
            count = checked(count + call.GraphInput(input).Count);
        }

        _buffers[input].Prepare(shape, count);
    }

    private void CopyElements(int input, IReadOnlyList<InferCall> calls)
    {
        var rest = _buffers[input].Bytes;
        foreach (var call in calls)
        {
            var source = call.GraphInput(input).Bytes;
            source.CopyTo(rest);
            rest = rest[source.Length..];
        }
    }

    private void CopyTexts(int input, IReadOnlyList<InferCall> calls)
    {
        var next = 0;
        foreach (var call in calls)
        {
            var source = call.GraphInput(input);
            for (var i = 0; i < source.Count; i++)
            {
                _buffers[input].SetString(next++, source.Value.GetStringElementAsSpan(i));
            }
        }
    }
}
