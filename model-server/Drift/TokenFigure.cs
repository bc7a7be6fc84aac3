using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Drift;

/// <summary>How many tokens a text became, or which share of them the vocabulary does not have.</summary>
internal sealed class TokenFigure(bool isShare, int firstCell, NumericBins bins) : TensorWatch
{
    public override void Observe(InferCall call, in OutputTensor tensor, ref BinTally tally)
    {
        foreach (var text in call.Tokens.Texts)
        {
            tally.Add(firstCell + bins.BinOf(isShare ? text.UnknownShare : text.Tokens));
        }
    }
}
