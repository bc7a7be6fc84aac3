using System.Collections.Frozen;
using System.Globalization;

namespace Slipway.ModelServer.Text;

/// <summary>
/// Takes the accents off letters, as models that were trained on text without them expect: canonical decomposition without nonspacing marks,
/// over the basic plane. Done here because .NET decomposes nothing when it runs without its globalisation library, as this server does.
/// </summary>
internal static class Accents
{
    private const char FirstHangul = '\uAC00';
    private const char LastHangul = '\uD7A3';
    private const int Vowels = 21;
    private const int Finals = 28;

    private static readonly FrozenDictionary<char, char> Bare = Enumerable.Range(0, AccentTable.Pairs.Length / 2)
        .ToFrozenDictionary(i => AccentTable.Pairs[2 * i], i => AccentTable.Pairs[(2 * i) + 1]);

    /// <summary>Whether <see cref="Strip"/> would change nothing because nothing but ASCII is there.</summary>
    public static bool CannotBeIn(ReadOnlySpan<char> text) => System.Text.Ascii.IsValid(text);

    /// <param name="target">At least three times as long as <paramref name="text"/>: a Hangul syllable becomes three letters.</param>
    /// <returns>Characters written.</returns>
    public static int Strip(ReadOnlySpan<char> text, Span<char> target)
    {
        var written = 0;
        foreach (var character in text)
        {
            if (character is >= FirstHangul and <= LastHangul)
            {
                written += Decompose(character - FirstHangul, target[written..]);
            }
            else if (Bare.TryGetValue(character, out var bare))
            {
                target[written++] = bare;
            }
            else if (character < 0x300 || CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
            {
                target[written++] = character;
            }
        }

        return written;
    }

    // Unicode's rule: leading consonant, vowel, and a final consonant unless it is the first of them, which stands for none.
    private static int Decompose(int syllable, Span<char> target)
    {
        target[0] = (char)('\u1100' + (syllable / (Vowels * Finals)));
        target[1] = (char)('\u1161' + (syllable % (Vowels * Finals) / Finals));
        var final = syllable % Finals;
        if (final == 0)
        {
            return 2;
        }

        target[2] = (char)('\u11A7' + final);
        return 3;
    }
}
