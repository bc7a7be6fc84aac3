using System.Runtime.InteropServices;

namespace Slipway.ModelServer.Text;

/// <summary>What the texts of one call became, in their order; kept with the call from request to request.</summary>
internal sealed class TokenCounts
{
    private readonly List<TokenCount> _texts = [];

    public ReadOnlySpan<TokenCount> Texts => CollectionsMarshal.AsSpan(_texts);

    public void Add(TokenCount text) => _texts.Add(text);

    public void Clear() => _texts.Clear();
}

/// <param name="Tokens">Of the whole text, before it is cut; its marks and its filling are not among them.</param>
/// <param name="Unknown">Those of them that stand for what the vocabulary does not have.</param>
internal readonly record struct TokenCount(int Tokens, int Unknown)
{
    /// <summary>Not a number for a text without tokens.</summary>
    public double UnknownShare => (double)Unknown / Tokens;
}
