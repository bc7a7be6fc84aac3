using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.ModelYaml;

/// <summary>
/// What <c>model.yaml</c> says: things that belong to the model rather than to where it runs. Everything is optional; what is absent is null
/// or empty and leaves the server's own setting. Described for users in <c>docs/models.md</c>.
/// </summary>
internal sealed record ModelConfig
{
    /// <summary>For people; requests go on naming the model as it is served.</summary>
    public string Name { get; init; } = "";

    public LabelsConfig? Labels { get; init; }

    /// <summary>By output, what each place of its last axis stands for.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Columns { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public TokenizerConfig? Tokenizer { get; init; }

    /// <summary>Run when the version is loaded, before it answers anybody.</summary>
    public IReadOnlyList<WarmUpConfig> WarmUp { get; init; } = [];

    public BatchingConfig Batching { get; init; } = new();

    public RuntimeConfig Runtime { get; init; } = new();
}

/// <summary>Names for the places of an output's last axis, the largest of which is answered by name.</summary>
internal sealed record LabelsConfig
{
    /// <summary>Empty when the model has one output of fractions only.</summary>
    public string Output { get; init; } = "";

    /// <summary>Empty when they are in <see cref="File"/>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>One name a line, a path inside the version's folder.</summary>
    public string File { get; init; } = "";

    /// <summary>Name of the output that is added.</summary>
    public string As { get; init; } = "label";
}

internal enum TokenizerKind
{
    WordPiece, Bpe, SentencePiece,
}

/// <summary>How texts become tokens. Paths are inside the version's folder.</summary>
internal sealed record TokenizerConfig
{
    public TokenizerKind Type { get; init; }

    /// <summary>WordPiece: one token a line. Bpe: JSON, token to number. SentencePiece: its model.</summary>
    public string Vocabulary { get; init; } = "";

    /// <summary>Bpe alone.</summary>
    public string Merges { get; init; } = "";

    /// <summary>WordPiece alone.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>Bpe alone: whether the vocabulary is over bytes, as GPT-2's.</summary>
    public bool ByteLevel { get; init; } = true;

    /// <summary>Name of the input that clients send.</summary>
    public string Input { get; init; } = "text";

    /// <summary>Tokens of a text at most; null takes the graph's fixed length, else 512.</summary>
    public int? MaxLength { get; init; }

    public bool Truncate { get; init; } = true;

    public int PadToMultipleOf { get; init; } = 1;

    /// <summary>Null takes what is usual for the type, empty has none.</summary>
    public string? BeginToken { get; init; }

    public string? EndToken { get; init; }

    public string? PadToken { get; init; }

    public string? UnknownToken { get; init; }

    /// <summary>Names of the graph's inputs; null takes the usual one when the graph has it.</summary>
    public string? InputIds { get; init; }

    public string? AttentionMask { get; init; }

    public string? TokenTypeIds { get; init; }
}

/// <param name="Where">Its path in the file, for messages.</param>
/// <param name="Json">The request; empty when it is in <paramref name="File"/>.</param>
internal sealed record WarmUpConfig(string Where, byte[] Json, string File);

/// <summary>What replaces the server's own batching; null leaves it.</summary>
internal sealed record BatchingConfig
{
    public BatchingMode? Mode { get; init; }

    public int? MaxBatchSize { get; init; }

    /// <summary>Also wins over what the server's live settings say.</summary>
    public TimeSpan? MaxDelay { get; init; }

    public BatchingSettings Over(BatchingSettings server) => server with
    {
        Mode = Mode ?? server.Mode,
        MaxBatchSize = MaxBatchSize ?? server.MaxBatchSize,
    };
}

/// <summary>What replaces the server's own way to run ONNX Runtime; null leaves it.</summary>
internal sealed record RuntimeConfig
{
    public int? IntraOpThreads { get; init; }

    public int? InterOpThreads { get; init; }

    public GraphOptimization? Optimization { get; init; }

    public OperatorOrder? Execution { get; init; }

    public bool? MemoryArena { get; init; }

    public bool? MemoryPattern { get; init; }

    public int? Instances { get; init; }

    public SessionSettings Over(SessionSettings server) => server with
    {
        IntraOpThreads = IntraOpThreads ?? server.IntraOpThreads,
        InterOpThreads = InterOpThreads ?? server.InterOpThreads,
        Optimization = Optimization ?? server.Optimization,
        Execution = Execution ?? server.Execution,
        MemoryArena = MemoryArena ?? server.MemoryArena,
        MemoryPattern = MemoryPattern ?? server.MemoryPattern,
        Instances = Instances ?? server.Instances,
    };
}
