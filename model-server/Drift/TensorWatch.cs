using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Drift;

/// <summary>Takes figures of every row of one tensor and tells the bins that they fall into. Safe for many threads.</summary>
internal abstract class TensorWatch
{
    /// <param name="tokens">What the texts became that the tensor was sent with or is the answer of.</param>
    public abstract void Observe(TokenCounts tokens, in OutputTensor tensor, ref BinTally tally);

    /// <summary>A tensor without axes is one row.</summary>
    protected static int RowsOf(in OutputTensor tensor) => tensor.Shape is [var rows, ..] ? (int)rows : 1;
}
