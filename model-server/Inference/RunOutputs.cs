using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>What one run of a model gave, shared by the calls that ran together. Freed when the last of its users lets go.</summary>
internal sealed class RunOutputs(IDisposableReadOnlyCollection<OrtValue> values, int users)
{
    private int _users = users;

    public IReadOnlyList<OrtValue> Values => values;

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            values.Dispose();
        }
    }
}
