using System.Numerics;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Drift;

/// <summary>One element of a row of texts as a category.</summary>
internal sealed class TextColumn(int column, int firstCell, CategoricalBins bins) : TensorWatch
{
    public override void Observe(TokenCounts tokens, in OutputTensor tensor, ref BinTally tally)
    {
        var rows = RowsOf(tensor);
        var width = tensor.Count / Math.Max(1, rows);
        for (var row = 0; row < rows; row++)
        {
            tally.Add(firstCell + (column < width ? bins.BinOf(tensor.Text((row * width) + column)) : bins.MissingBin));
        }
    }
}

/// <summary>One element of a row of whole numbers or truth values as a category.</summary>
internal sealed class WholeColumn<T>(int column, int firstCell, WholeBins bins) : TensorWatch
    where T : unmanaged, INumberBase<T>
{
    public override void Observe(TokenCounts tokens, in OutputTensor tensor, ref BinTally tally)
    {
        var rows = RowsOf(tensor);
        var elements = tensor.Elements<T>();
        var width = elements.Length / Math.Max(1, rows);
        for (var row = 0; row < rows; row++)
        {
            tally.Add(firstCell + (column < width ? bins.BinOf(long.CreateTruncating(elements[(row * width) + column])) : bins.MissingBin));
        }
    }
}
