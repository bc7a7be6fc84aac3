namespace Slipway.ModelServer.Inference;

/// <summary>What a call gave: the outputs that it wanted, in that order. Dispose it exactly once, when they are written.</summary>
/// <param name="rows">Rows of the run that belong to the call; −1 when the call ran alone.</param>
internal readonly struct InferResult(InferCall call, IRunOutputs outputs, long firstRow = 0, long rows = -1) : IDisposable
{
    public InferCall Call => call;

    public int Count => outputs.Count;

    public OutputTensor Output(int index) =>
        outputs.Output(call.Session.Outputs[call.Outputs[index]], index, firstRow, rows);

    public void Dispose() => outputs.Release();
}
