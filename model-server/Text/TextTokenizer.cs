using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace Slipway.ModelServer.Text;

/// <summary>Turns a text into the numbers of its tokens, between the marks that the model was trained with. Safe for many threads.</summary>
/// <param name="begin">Put before the text's tokens; null puts nothing there.</param>
/// <param name="end">Put behind them, also when they were cut.</param>
internal sealed class TextTokenizer(Tokenizer tokenizer, int? begin, int? end, int pad)
{
    /// <summary>Fills the places behind a shorter text.</summary>
    public int Pad => pad;

    /// <summary>Stands for what the vocabulary does not have; null when it has everything.</summary>
    public int? Unknown { get; init; }

    /// <summary>Whether letters lose their accents before anything else.</summary>
    public bool StripsAccents { get; init; }

    /// <summary>Tokens that are there whatever the text is.</summary>
    public int Marks => (begin is null ? 0 : 1) + (end is null ? 0 : 1);

    /// <param name="most">Tokens at most, marks among them; at least <see cref="Marks"/>.</param>
    /// <param name="isCut">Whether the text has more of them.</param>
    /// <param name="counts">Told what the whole text becomes, which costs a long one time; null tells nobody.</param>
    public List<int> Encode(ReadOnlySpan<char> text, int most, out bool isCut, TokenCounts? counts = null)
    {
        var room = most - Marks;
        var enough = counts is null ? room + 1 : int.MaxValue;
        var tokens = Bare(text, enough);
        counts?.Add(Counted(tokens));
        isCut = tokens.Count > room;
        var ids = new List<int>(Math.Min(tokens.Count, room) + Marks);
        if (begin is { } first)
        {
            ids.Add(first);
        }

        for (var i = 0; i < tokens.Count && i < room; i++)
        {
            ids.Add(tokens[i]);
        }

        if (end is { } last)
        {
            ids.Add(last);
        }

        return ids;
    }

    /// <summary>What the whole text becomes.</summary>
    public TokenCount Count(ReadOnlySpan<char> text) => Counted(Bare(text, int.MaxValue));

    private TokenCount Counted(IReadOnlyList<int> tokens)
    {
        var unknown = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            unknown += tokens[i] == Unknown ? 1 : 0;
        }

        return new(tokens.Count, unknown);
    }

    /// <summary>Without marks.</summary>
    private IReadOnlyList<int> Bare(ReadOnlySpan<char> text, int most) =>
        StripsAccents && !Accents.CannotBeIn(text) ? Stripped(text, most) : Tokens(text, most);

    private IReadOnlyList<int> Stripped(ReadOnlySpan<char> text, int most)
    {
        var bare = ArrayPool<char>.Shared.Rent(3 * text.Length);
        try
        {
            return Tokens(bare.AsSpan(0, Accents.Strip(text, bare)), most);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(bare);
        }
    }

    // Two kinds put marks of their own around the text unless told not to.
    private IReadOnlyList<int> Tokens(ReadOnlySpan<char> text, int most) => text.IsEmpty ? [] : tokenizer switch
    {
        BertTokenizer bert => bert.EncodeToIds(text, most, addSpecialTokens: false, out _, out _),
        SentencePieceTokenizer pieces => pieces.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false, most, out _, out _),
        _ => tokenizer.EncodeToIds(text, most, out _, out _),
    };
}
