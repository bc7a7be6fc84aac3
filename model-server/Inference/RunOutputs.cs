using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>Outputs in memory of the runtime's, shared by the calls that ran together. Freed when the last of its users lets go.</summary>
internal sealed class RunOutputs(IDisposableReadOnlyCollection<OrtValue> values, int users) : IRunOutputs
{
    private int _users = users;

    public IReadOnlyList<OrtValue> Values => values;

    public int Count => values.Count;

    public OutputTensor Output(TensorSpec spec, int index, long firstRow, long rows) => new(spec, values[index], firstRow, rows);

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            values.Dispose();
        }
    }
}
