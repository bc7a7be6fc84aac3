using System.Text;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.ModelYaml;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.ModelYaml;

internal sealed class ModelConfigFileTests
{
    [Test]
    public void A_version_without_the_file_has_the_servers_own_settings()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());

        var config = ModelConfigFile.Read(Path.Combine(folder.Path, "1"));

        config.Should().BeEquivalentTo(new ModelConfig());
        var (batching, session) = (new BatchingSettings { MaxBatchSize = 7 }, new SessionSettings { IntraOpThreads = 3 });
        config.Batching.Over(batching).Should().Be(batching);
        config.Runtime.Over(session).Should().Be(session);
    }

    [Test]
    public void What_the_file_says_wins_over_the_servers_settings()
    {
        var config = Parse(
            """
            batching: {mode: On, maxBatchSize: 64, maxDelay: 500us}
            runtime: {intraOpThreads: 2, interOpThreads: 3, optimization: Basic, execution: Parallel, memoryArena: false, memoryPattern: false, instances: 4}
            """);

        config.Batching.Over(new BatchingSettings()).Should().Be(
            new BatchingSettings { Mode = BatchingMode.On, MaxBatchSize = 64 });
        config.Batching.MaxDelay.Should().Be(TimeSpan.FromMicroseconds(500));
        config.Runtime.Over(new SessionSettings()).Should().Be(new SessionSettings
        {
            IntraOpThreads = 2,
            InterOpThreads = 3,
            Optimization = GraphOptimization.Basic,
            Execution = OperatorOrder.Parallel,
            MemoryArena = false,
            MemoryPattern = false,
            Instances = 4,
        });
    }

    [Test]
    public void All_faults_are_told_at_once_each_with_its_path()
    {
        var errors = new List<string>();
        ModelConfigFile.Parse(
            """
            name: 7
            labels: {output: y, as: label, file: ../labels.txt}
            columns: {y: []}
            tokenizer: {type: WordPiece, byteLevel: true, maxLength: 0, tensors: {ids: x}}
            warmup: [{request: [1]}, {}]
            batching: {mode: Sometimes, maxDelay: soon}
            runtime: {instances: many, memoryArena: yes}
            colour: red
            """, errors);

        errors.Should().BeEquivalentTo(
            "name: must be a text of 1 to 1024 characters, got '7'; quote what looks like a number",
            "labels.file: must be a path inside the version's folder, with '/' and without '..', got '../labels.txt'",
            "labels.names: either this or file must be there",
            "columns.y: must be a list of 1 to 100000 names",
            "tokenizer.vocabulary: is missing",
            "tokenizer.maxLength: must be a whole number from 1 to 1048576, got '0'",
            "tokenizer.tensors.ids: is not a known key; known here are inputIds, attentionMask, tokenTypeIds",
            "tokenizer.byteLevel: is for the type Bpe alone, and the type is WordPiece",
            "warmup[0].request: must be a mapping: the body of an infer request",
            "warmup[1].request: either this or file must be there",
            "batching.mode: must be one of Auto, On, Off, got 'Sometimes'",
            "batching.maxDelay: must be a duration of at most 10s, such as 500us or 2ms, got 'soon'",
            "runtime.instances: must be a whole number from 0 to 1024, got 'many'",
            "runtime.memoryArena: must be true or false, got 'yes'",
            "colour: is not a known key; known here are name, labels, columns, tokenizer, warmup, batching, runtime");
    }

    [Test]
    public void A_file_that_would_grow_by_aliases_is_refused() =>
        Errors("a: &a [1, 1]\nb: [*a, *a]").Should().ContainSingle().Which.Should().Be("line 2 has an alias; write the value out");

    [Test]
    public void A_file_that_nests_without_end_is_refused() =>
        Errors(new string('[', 100_000)).Should().ContainSingle().Which.Should().Be("line 1 is nested deeper than 64 levels");

    [TestCase("name: [", "is not valid YAML: line *")]
    [TestCase("name: a\nname: b", "is not valid YAML: line 2*")]
    [TestCase("- a", "model.yaml: must be a mapping")]
    [TestCase("name: a\n---\nname: b", "must hold one document")]
    public void A_file_that_is_no_mapping_is_refused(string yaml, string message) =>
        Errors(yaml).Should().ContainSingle().Which.Should().Match(message);

    [Test]
    public void A_request_written_as_yaml_is_the_json_that_it_stands_for()
    {
        var config = Parse(
            """
            warmup:
              - request:
                  id: "7"
                  inputs: [{name: x, datatype: FP32, shape: [1, 2], data: [1.5, -2e3]}]
                  parameters: {exact: true, note: null, answer: "42", word: yes}
            """);

        Encoding.UTF8.GetString(config.WarmUp.Should().ContainSingle().Which.Json).Should().Be(
            """{"id":"7","inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1.5,-2e3]}],"parameters":{"exact":true,"note":null,"answer":"42","word":"yes"}}""");
    }

    [Test]
    public void Labels_that_look_like_numbers_are_labels() =>
        Parse("labels: {names: [0, 1, no]}").Labels!.Names.Should().Equal("0", "1", "no");

    private static ModelConfig Parse(string yaml)
    {
        var errors = new List<string>();
        var config = ModelConfigFile.Parse(yaml, errors);
        errors.Should().BeEmpty();
        return config;
    }

    private static List<string> Errors(string yaml)
    {
        var errors = new List<string>();
        ModelConfigFile.Parse(yaml, errors);
        return errors;
    }
}
