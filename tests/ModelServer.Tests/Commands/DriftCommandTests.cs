using System.Text.Json.Nodes;
using Parquet.Schema;
using Slipway.ModelServer.Commands;
using Slipway.ModelServer.Tests.Baselines;
using Slipway.ModelServer.Tests.Baselines.Data;
using Slipway.ModelServer.Tests.Docs;
using Slipway.ModelServer.Tests.Drift;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Commands;

[CancelAfter(120_000)]
internal sealed class DriftCommandTests
{
    private const int Rows = 2000;

    private ModelFolder _folder = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _folder = new ModelFolder().WithModel(TestModels.Classifier());
        var making = new Making(TestModels.Classifier()) { Labels = ["truth"] };
        _folder.WithBaseline(await making.OfAsync("train.csv", Csv(shift: 0))).WithText("same.csv", Csv(shift: 0)).WithText("shifted.csv", Csv(shift: 5));
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void The_reference_lists_the_options_that_there_are_with_their_defaults() => OptionTable.RequireToListAll(DriftCommand.Create());

    [TestCase("same.csv", 0)]
    [TestCase("shifted.csv", 3)]
    public async Task The_exit_code_tells_whether_anything_has_drifted(string data, int exit, CancellationToken cancellationToken)
    {
        await using var command = Start(data, "--model", $"{_folder.Path}/1/model.onnx", "--labels", "truth");

        (await command.ExitAsync(cancellationToken)).Should().Be(exit, command.Errors);

        command.Output[0].Should().StartWith("feature ");
        command.Output.Should().HaveCount(1 + 5 + 1 + 1);
        command.Errors.Should().BeEmpty("no terminal is there to show a bar on");
    }

    [Test]
    public async Task Without_the_model_its_outputs_are_left_out_and_that_is_said(CancellationToken cancellationToken)
    {
        await using var command = Start("shifted.csv");

        (await command.ExitAsync(cancellationToken)).Should().Be(3, command.Errors);

        command.Output[1].Should().StartWith("a ").And.EndWith("drifted");
        command.Output[2].Should().StartWith("b ").And.EndWith("stable");
        command.Output[^1].Should().Be("1 of 2 features have a population stability index above 0.2: a.");
        command.Errors.Split('\n').Should().Equal(
            "output.label is left out: it takes the model, which --model names",
            "output.probabilities.class is left out: it takes the model, which --model names",
            "output.probabilities.confidence is left out: it takes the model, which --model names");
    }

    [Test]
    public async Task Each_format_gives_the_same_document(CancellationToken cancellationToken)
    {
        var rows = Cells(shift: 5).ToList();
        _folder.WithText("shifted.jsonl", string.Join('\n', rows.Select(row => $"{{\"truth\":\"x\",\"b\":{row.B},\"a\":{row.A}}}")));
        _folder.With("1", "shifted.parquet", await ParquetFile.WriteAsync(
            new ParquetSchema(new DataField<int>("a"), new DataField<double>("b")),
            [ParquetFile.Of([.. rows.Select(row => row.A)]), ParquetFile.Of([.. rows.Select(row => (double)row.B)])]));

        var documents = new List<string>();
        foreach (var file in (string[])["shifted.csv", "shifted.jsonl", "shifted.parquet"])
        {
            await using var command = Start(file, "--output", "json");
            (await command.ExitAsync(cancellationToken)).Should().Be(3, command.Errors);
            documents.Add(string.Join('\n', command.Output));
        }

        documents.Select(document => document.Replace(".jsonl", ".csv", StringComparison.Ordinal).Replace(".parquet", ".csv", StringComparison.Ordinal)).Distinct().Should().ContainSingle();
        var report = JsonNode.Parse(documents[0])!;
        report["rows"]!.GetValue<int>().Should().Be(Rows);
        report["drifted"]!.GetValue<bool>().Should().BeTrue();
        var first = report["features"]![0]!;
        first["name"]!.GetValue<string>().Should().Be("a");
        first["verdict"]!.GetValue<string>().Should().Be("drifted");
        first["kolmogorovSmirnov"]!.GetValue<double>().Should().BeGreaterThan(0.4);
        first.AsObject().ContainsKey("totalVariation").Should().BeFalse("it is of words");
        first["bins"]!.AsArray().Sum(bin => bin!["count"]!.GetValue<long>()).Should().Be(Rows);
        first["bins"]!.AsArray()[^1]!["bin"]!.GetValue<string>().Should().Be("missing");
    }

    [Test]
    public async Task What_nobody_can_tell_is_neither_good_nor_bad(CancellationToken cancellationToken)
    {
        await using var command = Start("shifted.csv", "--min-samples", "2001");

        (await command.ExitAsync(cancellationToken)).Should().Be(4, command.Errors);

        command.Output[1].Should().EndWith("too few rows");
    }

    [Test]
    public async Task The_threshold_is_the_users(CancellationToken cancellationToken)
    {
        await using var command = Start("shifted.csv", "--threshold", "100");

        (await command.ExitAsync(cancellationToken)).Should().Be(0, command.Errors);

        command.Output[1].Should().EndWith("moderate");
    }

    [Test]
    public async Task What_is_wrong_is_named(CancellationToken cancellationToken)
    {
        _folder.WithText("damaged.json", "{\"format\": 1, \"rows\"").WithText("other.json", """{"format":1,"rows":1,"inputs":[{"name":"a","kind":"numeric","tensor":"z","edges":[1],"ratios":[0,1,0,0]}],"outputs":[]}""");
        _folder.WithText("wrong.csv", "a,b\n1,x\n");
        string[] model = ["--model", $"{_folder.Path}/1/model.onnx", "--labels", "truth"];
        await using var noData = Start("none.csv");
        await using var noBaseline = Against("none.json");
        await using var damaged = Against("damaged.json");
        await using var other = Against("other.json", model);
        await using var noModel = Start("same.csv", "--model", $"{_folder.Path}/none.onnx");
        await using var wrong = Start("wrong.csv");

        foreach (var command in (ServerProcess[])[noData, noBaseline, damaged, other, noModel, wrong])
        {
            (await command.ExitAsync(cancellationToken)).Should().Be(1);
            command.Output.Should().BeEmpty();
        }

        noData.Errors.Should().StartWith($"{_folder.Path}/1/none.csv: cannot be opened: ");
        noBaseline.Errors.Should().Be($"There is no file {_folder.Path}/1/none.json; slipway-server baseline writes one.");
        damaged.Errors.Should().StartWith($"{_folder.Path}/1/damaged.json is wrong; write it with slipway-server baseline and upload a new version:\n  is no baseline: ");
        other.Errors.Should().StartWith($"{_folder.Path}/1/other.json is wrong; ").And.Contain("inputs[0].tensor: the model has no input 'z'; its inputs are 'x' (FP32, shape [-1,2])");
        noModel.Errors.Should().Be($"There is no file {_folder.Path}/none.onnx.");
        wrong.Errors.Should().Be($"{_folder.Path}/1/wrong.csv: line 2: column 'b' holds 'x', which is no number.");
    }

    [TestCase("--threshold", "0", "--threshold: must be a number above 0, got '0'")]
    [TestCase("--threshold", "much", "much")]
    [TestCase("--min-samples", "0", "--min-samples: must be at least 1, got '0'")]
    [TestCase("--window", "soon", "--window: must be a duration such as 24h and more than zero, got 'soon'")]
    [TestCase("--output", "xml", "xml")]
    public async Task An_option_that_is_wrong_is_an_error_of_the_command_line(string option, string value, string error, CancellationToken cancellationToken)
    {
        await using var command = Start("same.csv", option, value);

        (await command.ExitAsync(cancellationToken)).Should().Be(2);

        command.Errors.Should().Contain(error).And.NotContain("Unhandled");
    }

    private static IEnumerable<(int A, int B)> Cells(int shift) => Enumerable.Range(0, Rows).Select(i => ((i * 7 % 10) + shift, i % 3));

    private static string Csv(int shift) => $"a,b,truth\n{string.Join('\n', Cells(shift).Select(row => $"{row.A},{row.B},x"))}\n";

    private ServerProcess Start(string data, params string[] more) => ServerProcess.Start(
        new Dictionary<string, string>(), ["drift", "--baseline", $"{_folder.Path}/1/baseline.json", "--data", $"{_folder.Path}/1/{data}", .. more]);

    private ServerProcess Against(string baseline, params string[] more) => ServerProcess.Start(
        new Dictionary<string, string>(), ["drift", "--baseline", $"{_folder.Path}/1/{baseline}", "--data", $"{_folder.Path}/1/same.csv", .. more]);
}
