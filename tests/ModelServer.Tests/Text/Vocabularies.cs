using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Text;

/// <summary>Small vocabularies of our own, one of each type.</summary>
internal static class Vocabularies
{
    /// <summary>One token a line; its number is its line, from 0.</summary>
    public const string WordPiece = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\ncat\nsat\nun\n##aff\n##able\n,\n!\nThe\n猫\n";

    /// <summary>Over bytes: Ġ stands for a blank.</summary>
    public const string Bpe = """{"<pad>": 0, "<s>": 1, "</s>": 2, "l": 3, "o": 4, "w": 5, "e": 6, "r": 7, "Ġ": 8, "lo": 9, "low": 10, "er": 11, "Ġlow": 12}""";

    public const string BpeMerges = "#version: 0.2\nl o\nlo w\ne r\nĠ low\n";

    /// <summary>A SentencePiece model of type BPE: the pieces of 'hello', with ▁ for a blank.</summary>
    public static byte[] SentencePieceBpe() => SentencePiece(
        type: 2,
        [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁h", 0, 1), ("el", -1, 1), ("lo", -2, 1), ("▁hel", -3, 1), ("▁hello", -4, 1), ("▁", -5, 1), ("h", -6, 1), ("e", -7, 1), ("l", -8, 1), ("o", -9, 1)]);

    /// <summary>A SentencePiece model of type unigram: 'ab' is likelier whole than in two pieces, 'ba' in two than whole.</summary>
    public static byte[] SentencePieceUnigram() => SentencePiece(
        type: 1,
        [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁", -1, 1), ("a", -2, 1), ("b", -2, 1), ("ab", -1, 1), ("ba", -9, 1)]);

    private static byte[] SentencePiece(int type, (string Piece, float Score, int Kind)[] pieces) => new ProtoWriter()
        .Messages(1, pieces.Select(piece => new ProtoWriter().Text(1, piece.Piece).Float(2, piece.Score).Number(3, piece.Kind)))
        .Message(2, new ProtoWriter().Number(3, type).Number(40, 0).Number(41, 1).Number(42, 2).Number(43, -1))
        .Message(3, new ProtoWriter().Text(1, "identity").Number(3, 1).Number(4, 1).Number(5, 1))
        .ToArray();
}
