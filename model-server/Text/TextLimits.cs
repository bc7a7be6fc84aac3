namespace Slipway.ModelServer.Text;

/// <summary>How long a text may be and to what length it is filled up.</summary>
/// <param name="MaxLength">Tokens of a text at most, its marks among them.</param>
/// <param name="Truncate">Whether a longer text is cut; else it is refused.</param>
/// <param name="FixedLength">The length that the graph takes; 0 when it takes any.</param>
/// <param name="MultipleOf">Lengths are rounded up to a multiple of this, so that more calls are of the same length and run together.</param>
internal sealed record TextLimits(int MaxLength, bool Truncate, int FixedLength, int MultipleOf)
{
    /// <summary>The length of all rows of a call whose longest has this many tokens.</summary>
    public int Padded(int longest) => FixedLength > 0
        ? FixedLength
        : Math.Max(longest, Math.Min((longest + MultipleOf - 1) / MultipleOf * MultipleOf, MaxLength));
}
