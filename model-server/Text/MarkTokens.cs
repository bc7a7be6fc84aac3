using Slipway.ModelServer.ModelYaml;

namespace Slipway.ModelServer.Text;

/// <summary>Finds the tokens that mark a text's ends and its filling in a vocabulary.</summary>
internal sealed class MarkTokens(IReadOnlyDictionary<string, int> vocabulary, TokenizerConfig config, List<string> errors)
{
    /// <summary>Whether one was asked for that the vocabulary does not hold.</summary>
    public bool Missing { get; private set; }

    /// <param name="given">Null takes <paramref name="usual"/>; empty means that there is none.</param>
    /// <returns>Null when there is none.</returns>
    public int? Find(string key, string? given, string usual)
    {
        var token = given ?? usual;
        if (token.Length == 0)
        {
            return null;
        }

        if (vocabulary.TryGetValue(token, out var id))
        {
            return id;
        }

        Missing = true;
        errors.Add($"tokenizer.{key}: '{config.Vocabulary}' holds no token '{token}'; name the one that the model was trained with");
        return null;
    }
}
