using System.Globalization;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Drift;

/// <summary>The bins of a categorical feature whose categories are whole numbers, so that no number is made into a text to be looked up.</summary>
/// <param name="numbers">The categories in their order; those of UINT64 by their bits.</param>
internal sealed class WholeBins(long[] numbers, CategoricalBins bins)
{
    private const string True = "true";
    private const string False = "false";

    public int MissingBin => bins.MissingBin;

    public int BinOf(long number) => Array.IndexOf(numbers, number) is >= 0 and var bin ? bin : bins.OtherBin;

    /// <summary>Reads a category of elements of a type: as that type is written without leading zeros, BOOL as <c>true</c> and <c>false</c>.</summary>
    public static bool TryParse(string category, Datatype datatype, out long number)
    {
        switch (datatype)
        {
            case Datatype.Bool:
                number = category == True ? 1 : 0;
                return category is True or False;
            case Datatype.UInt64:
                var isWhole = ulong.TryParse(category, NumberStyles.None, CultureInfo.InvariantCulture, out var bits);
                number = unchecked((long)bits);
                return isWhole && bits.ToString(CultureInfo.InvariantCulture) == category;
            default:
                return long.TryParse(category, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
                    && number.ToString(CultureInfo.InvariantCulture) == category;
        }
    }
}
