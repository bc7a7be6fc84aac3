namespace Slipway.ModelServer.ModelYaml;

/// <summary>Takes the fields of <c>tokenizer</c>, and refuses those that its type has no use for.</summary>
internal static class TokenizerReader
{
    private const int MostMultiple = 1024;

    public static TokenizerConfig Read(YamlFields fields)
    {
        var type = fields.Choice<TokenizerKind>("type", required: true);
        var merges = ModelConfigReader.Path(fields, "merges", required: type == TokenizerKind.Bpe);
        var lowercase = fields.Flag("lowercase");
        var byteLevel = fields.Flag("byteLevel");
        var config = new TokenizerConfig
        {
            Type = type ?? TokenizerKind.WordPiece,
            Vocabulary = ModelConfigReader.Path(fields, "vocabulary", required: true) ?? "",
            Merges = merges ?? "",
            Lowercase = lowercase ?? true,
            ByteLevel = byteLevel ?? true,
            Input = fields.Text("input") ?? "text",
            MaxLength = fields.Whole("maxLength", 1, ModelConfigReader.MostTokens),
            Truncate = fields.Flag("truncate") ?? true,
            PadToMultipleOf = fields.Whole("padToMultipleOf", 1, MostMultiple) ?? 1,
            BeginToken = fields.Text("beginToken", mayBeEmpty: true),
            EndToken = fields.Text("endToken", mayBeEmpty: true),
            PadToken = fields.Text("padToken"),
            UnknownToken = fields.Text("unknownToken"),
        };
        if (fields.Fields("tensors") is { } tensors)
        {
            config = config with
            {
                InputIds = tensors.Text("inputIds"),
                AttentionMask = tensors.Text("attentionMask"),
                TokenTypeIds = tensors.Text("tokenTypeIds"),
            };
            tensors.End();
        }

        if (type is { } known)
        {
            Refuse(fields, "merges", merges is not null, known, TokenizerKind.Bpe);
            Refuse(fields, "lowercase", lowercase is not null, known, TokenizerKind.WordPiece);
            Refuse(fields, "byteLevel", byteLevel is not null, known, TokenizerKind.Bpe);
        }

        fields.End();
        return config;
    }

    private static void Refuse(YamlFields fields, string name, bool isGiven, TokenizerKind type, TokenizerKind only)
    {
        if (isGiven && type != only)
        {
            fields.Wrong(name, $"is for the type {only} alone, and the type is {type}");
        }
    }
}
