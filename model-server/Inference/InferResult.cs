using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>What a call gave: the outputs that it wanted, in that order. Dispose it once they are written.</summary>
internal readonly struct InferResult(InferCall call, IDisposableReadOnlyCollection<OrtValue> outputs, TimeSpan duration) : IDisposable
{
    public int Count => outputs.Count;

    /// <summary>Time inside the model.</summary>
    public TimeSpan Duration => duration;

    public TensorSpec Spec(int index) => call.Session.Outputs[call.Outputs[index]];

    public OrtValue Value(int index) => outputs[index];

    public void Dispose() => outputs.Dispose();
}
