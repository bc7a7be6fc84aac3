using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Baselines;

/// <summary>Some rows of a file as tensors. They are valid until the visit of the batch returns.</summary>
/// <param name="Inputs">In the order of the model.</param>
/// <param name="Outputs">Likewise; empty where no model is run.</param>
/// <param name="Tokens">What texts became.</param>
internal readonly record struct TensorBatch(IReadOnlyList<OutputTensor> Inputs, IReadOnlyList<OutputTensor> Outputs, TokenCounts Tokens, int Rows);
