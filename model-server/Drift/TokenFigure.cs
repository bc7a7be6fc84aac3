using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Drift;

/// <summary>How many tokens a text became, or which share of them the vocabulary does not have.</summary>
internal sealed class TokenFigure(bool isShare, int firstCell, NumericBins bins) : TensorWatch
{
    public override void Observe(TokenCounts tokens, in OutputTensor tensor, ref BinTally tally)
    {
        foreach (var text in tokens.Texts)
        {
            tally.Add(firstCell + bins.BinOf(isShare ? text.UnknownShare : text.Tokens));
        }
    }
}
