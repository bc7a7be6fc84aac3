using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference.Outputs;

/// <summary>An output that clients see: one of the graph's as it is, or one that is made of it.</summary>
/// <param name="GraphName">The graph's output that it comes from.</param>
/// <param name="Maker">Null when the graph's tensor is answered as it is.</param>
internal sealed record ServedOutput(TensorSpec Spec, string GraphName, IOutputMaker? Maker = null);

/// <summary>Makes a tensor of what the graph gave. Row n of it depends on row n alone, so that rows of several calls can be made together.</summary>
internal interface IOutputMaker
{
    /// <returns>A tensor of its own, which the caller disposes.</returns>
    OrtValue Make(OrtValue given);
}
