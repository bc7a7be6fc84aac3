using System.Text;
using NJsonSchema;
using Slipway.ModelServer.ModelYaml;
using YamlDotNet.RepresentationModel;

namespace Slipway.ModelServer.Tests.ModelYaml;

/// <summary>The schema that editors read and the parser that the server uses are held to say the same.</summary>
internal sealed class ModelSchemaTests
{
    private static readonly string[] Good =
    [
        "name: Sentiment",
        "name: \"7\"",
        "labels: {names: [no, yes]}",
        "labels: {output: y, names: [0, 1], as: verdict}",
        "labels: {file: texts/labels.txt}",
        "columns: {y: [a, b], z: [1]}",
        "tokenizer: {type: WordPiece, vocabulary: vocab.txt, lowercase: false, input: question, maxLength: 128, truncate: false, padToMultipleOf: 8}",
        "tokenizer: {type: WordPiece, vocabulary: vocab.txt, beginToken: \"\", endToken: \"\", padToken: \"<pad>\", unknownToken: \"<unk>\"}",
        "tokenizer: {type: Bpe, vocabulary: vocab.json, merges: merges.txt, byteLevel: false, beginToken: <s>}",
        "tokenizer: {type: SentencePiece, vocabulary: a/b.model, tensors: {inputIds: ids, attentionMask: mask, tokenTypeIds: types}}",
        "warmup: [{request: {inputs: []}}, {file: ..hidden/warm.json}]",
        "batching: {mode: Auto, maxBatchSize: 1, maxDelay: \"0\"}",
        "batching: {mode: On, maxBatchSize: 65536, maxDelay: 1s500ms}",
        "batching: {}",
        "runtime: {intraOpThreads: 1, interOpThreads: 1024, optimization: Extended, execution: Sequential, memoryArena: true, memoryPattern: false, instances: 0}",
    ];

    private static readonly string[] Bad =
    [
        "name: 7",
        "name: \"\"",
        "name: [a]",
        "name:",
        "title: x",
        "labels: {}",
        "labels: {names: []}",
        "labels: {names: [a], file: b}",
        "labels: {names: [1.5]}",
        "labels: {names: [a], colour: red}",
        "labels: {file: ../x}",
        "labels: {file: /x}",
        "labels: {file: a//b}",
        "labels: {file: a/./b}",
        "labels: {file: a/..}",
        "labels: [a]",
        "columns: {y: a}",
        "columns: {y: []}",
        "tokenizer: {type: WordPiece}",
        "tokenizer: {vocabulary: v}",
        "tokenizer: {type: Words, vocabulary: v}",
        "tokenizer: {type: WordPiece, vocabulary: v, merges: m}",
        "tokenizer: {type: WordPiece, vocabulary: v, byteLevel: true}",
        "tokenizer: {type: Bpe, vocabulary: v}",
        "tokenizer: {type: Bpe, vocabulary: v, merges: m, lowercase: true}",
        "tokenizer: {type: SentencePiece, vocabulary: v, lowercase: true}",
        "tokenizer: {type: WordPiece, vocabulary: v, maxLength: 0}",
        "tokenizer: {type: WordPiece, vocabulary: v, maxLength: many}",
        "tokenizer: {type: WordPiece, vocabulary: v, truncate: yes}",
        "tokenizer: {type: WordPiece, vocabulary: v, padToken: \"\"}",
        "tokenizer: {type: WordPiece, vocabulary: v, tensors: {ids: x}}",
        "warmup: []",
        "warmup: [{}]",
        "warmup: [{request: {}, file: a}]",
        "warmup: [{request: []}]",
        "warmup: {request: {}}",
        "batching: {mode: on}",
        "batching: {mode: Sometimes}",
        "batching: {maxBatchSize: 0}",
        "batching: {maxBatchSize: 65537}",
        "batching: {maxDelay: 5}",
        "batching: {maxDelay: 5 ms}",
        "batching: {size: 5}",
        "runtime: {intraOpThreads: 0}",
        "runtime: {interOpThreads: 1.5}",
        "runtime: {optimization: Most}",
        "runtime: {execution: Random}",
        "runtime: {memoryArena: \"true\"}",
        "runtime: {instances: -1}",
        "- a",
    ];

    private JsonSchema _schema = new();

    [OneTimeSetUp]
    public async Task ReadAsync() => _schema = await JsonSchema.FromFileAsync(SchemaFile());

    [TestCaseSource(nameof(Good))]
    public void What_the_parser_takes_the_schema_takes(string yaml)
    {
        Parse(yaml).Should().BeEmpty();
        Validate(yaml).Should().BeEmpty();
    }

    [TestCaseSource(nameof(Bad))]
    public void What_the_parser_refuses_the_schema_refuses(string yaml)
    {
        Parse(yaml).Should().NotBeEmpty();
        Validate(yaml).Should().NotBeEmpty();
    }

    private static List<string> Parse(string yaml)
    {
        var errors = new List<string>();
        ModelConfigFile.Parse(yaml, errors);
        return errors;
    }

    private ICollection<NJsonSchema.Validation.ValidationError> Validate(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return _schema.Validate(Encoding.UTF8.GetString(YamlJson.Write(stream.Documents[0].RootNode)));
    }

    private static string SchemaFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new AssertionException("The tests do not run inside the repository."), "docs", "reference", "model.schema.json");
    }
}
