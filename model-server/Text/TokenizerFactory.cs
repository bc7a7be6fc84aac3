using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using Slipway.ModelServer.ModelYaml;

namespace Slipway.ModelServer.Text;

/// <summary>Makes the tokenizer that <c>model.yaml</c> asks for from the files beside it.</summary>
internal static class TokenizerFactory
{
    private const long MostFileBytes = 64 << 20;

    /// <returns>Null when <paramref name="errors"/> grew.</returns>
    public static TextTokenizer? Create(TokenizerConfig config, string folder, List<string> errors)
    {
        var before = errors.Count;
        RequireFile("vocabulary", config.Vocabulary, folder, errors);
        if (config.Merges.Length > 0)
        {
            RequireFile("merges", config.Merges, folder, errors);
        }

        if (errors.Count > before)
        {
            return null;
        }

        try
        {
            var made = config.Type switch
            {
                TokenizerKind.WordPiece => WordPiece(config, folder, errors),
                TokenizerKind.Bpe => Bpe(config, folder, errors),
                TokenizerKind.SentencePiece => SentencePiece(config, folder, errors),
                _ => throw new ArgumentOutOfRangeException(nameof(config), config.Type, "has no tokenizer"),
            };
            return errors.Count > before ? null : made;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The libraries throw whatever they trip over in a file that is not what it should be.
            errors.Add($"tokenizer.vocabulary: '{config.Vocabulary}' is no vocabulary of type {config.Type}: {exception.Message}");
            return null;
        }
    }

    private static TextTokenizer? WordPiece(TokenizerConfig config, string folder, List<string> errors)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(folder, config.Vocabulary), Encoding.UTF8))
        {
            vocabulary.TryAdd(line.TrimEnd(), vocabulary.Count);
        }

        var marks = new MarkTokens(vocabulary, config, errors);
        var (begin, end) = (marks.Find("beginToken", config.BeginToken, "[CLS]"), marks.Find("endToken", config.EndToken, "[SEP]"));
        var (pad, unknown) = (marks.Find("padToken", config.PadToken, "[PAD]"), marks.Find("unknownToken", config.UnknownToken, "[UNK]"));
        if (pad is null || unknown is null || marks.Missing)
        {
            return null;
        }

        // The library wants all of its marks in the vocabulary; those that the model has none of stand for its unknown token and are not used.
        var unknownToken = config.UnknownToken ?? "[UNK]";
        using var stream = File.OpenRead(Path.Combine(folder, config.Vocabulary));
        var tokenizer = BertTokenizer.Create(stream, new BertOptions
        {
            LowerCaseBeforeTokenization = config.Lowercase,
            RemoveNonSpacingMarks = false,
            UnknownToken = unknownToken,
            PaddingToken = config.PadToken ?? "[PAD]",
            ClassificationToken = begin is null ? unknownToken : config.BeginToken ?? "[CLS]",
            SeparatorToken = end is null ? unknownToken : config.EndToken ?? "[SEP]",
            MaskingToken = vocabulary.ContainsKey("[MASK]") ? "[MASK]" : unknownToken,
        });
        return new TextTokenizer(tokenizer, begin, end, pad.Value) { StripsAccents = config.Lowercase, Unknown = unknown };
    }

    private static TextTokenizer Bpe(TokenizerConfig config, string folder, List<string> errors)
    {
        var vocabularyFile = Path.Combine(folder, config.Vocabulary);
        var vocabulary = JsonSerializer.Deserialize(File.ReadAllText(vocabularyFile, Encoding.UTF8), VocabularyJson.Default.DictionaryStringInt32) ?? [];
        var marks = new MarkTokens(vocabulary, config, errors);
        var (begin, end) = (marks.Find("beginToken", config.BeginToken, ""), marks.Find("endToken", config.EndToken, ""));
        var pad = marks.Find("padToken", config.PadToken, "");
        var unknown = marks.Find("unknownToken", config.UnknownToken, "");
        var options = new BpeOptions(vocabularyFile, Path.Combine(folder, config.Merges))
        {
            ByteLevel = config.ByteLevel,
            PreTokenizer = config.ByteLevel ? RobertaPreTokenizer.Instance : PreTokenizer.CreateWordOrPunctuation(),
            UnknownToken = string.IsNullOrEmpty(config.UnknownToken) ? null : config.UnknownToken,
        };
        return new TextTokenizer(BpeTokenizer.Create(options), begin, end, pad ?? 0) { Unknown = unknown };
    }

    private static TextTokenizer SentencePiece(TokenizerConfig config, string folder, List<string> errors)
    {
        using var stream = File.OpenRead(Path.Combine(folder, config.Vocabulary));
        var tokenizer = SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
        var marks = new MarkTokens(tokenizer.Vocabulary, config, errors);
        var (begin, end) = (marks.Find("beginToken", config.BeginToken, ""), marks.Find("endToken", config.EndToken, ""));
        var pad = marks.Find("padToken", config.PadToken, "");
        return new TextTokenizer(tokenizer, begin, end, pad ?? 0) { Unknown = tokenizer.UnknownId };
    }

    private static void RequireFile(string key, string path, string folder, List<string> errors)
    {
        var file = new FileInfo(Path.Combine(folder, path));
        if (!file.Exists)
        {
            errors.Add($"tokenizer.{key}: there is no file '{path}' in the version's folder");
        }
        else if (file.Length > MostFileBytes)
        {
            errors.Add($"tokenizer.{key}: '{path}' is {file.Length} bytes long; at most {MostFileBytes} are read");
        }
    }
}
