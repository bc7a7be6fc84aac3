namespace Slipway.ModelServer.Inference;

/// <summary>What one run of a model gave, for as long as somebody uses it.</summary>
internal interface IRunOutputs
{
    int Count { get; }

    /// <param name="rows">Rows of the run that are meant; −1 for all.</param>
    OutputTensor Output(TensorSpec spec, int index, long firstRow, long rows);

    /// <summary>One of its users lets go; each does so exactly once.</summary>
    void Release();
}
