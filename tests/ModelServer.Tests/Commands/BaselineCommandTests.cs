using System.Globalization;
using Parquet.Schema;
using Slipway.ModelServer.Commands;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Tests.Baselines;
using Slipway.ModelServer.Tests.Baselines.Data;
using Slipway.ModelServer.Tests.Docs;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Commands;

[CancelAfter(120_000)]
internal sealed class BaselineCommandTests
{
    private const int HeapBytes = 96 << 20;

    private ModelFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new ModelFolder().WithModel(TestModels.Classifier());

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void The_reference_lists_the_options_that_there_are_with_their_defaults() => OptionTable.RequireToListAll(BaselineCommand.Create());

    [Test]
    public async Task Each_format_gives_the_same_baseline(CancellationToken cancellationToken)
    {
        _folder.WithText("train.csv", "a,truth,b\n1,x,2\n\"3\",y,2.5\n,z,0\n");
        _folder.WithText("train.jsonl", """
            {"a": 1, "truth": "x", "b": 2}
            {"b": 2.5, "a": 3, "truth": "y"}
            {"truth": "z", "b": 0}
            """);
        _folder.With("1", "train.parquet", await ParquetFile.WriteAsync(
            new ParquetSchema(new DataField<int?>("a"), new DataField<string>("truth"), new DataField<double>("b")),
            [ParquetFile.Nullable<int>(1, 3), ParquetFile.Texts("x", "y"), ParquetFile.Of(2, 2.5)],
            [ParquetFile.Nullable<int>([null]), ParquetFile.Texts("z"), ParquetFile.Of(0.0)]));

        var written = new List<byte[]>();
        foreach (var file in (string[])["train.csv", "train.jsonl", "train.parquet"])
        {
            await using var command = Start(file, "--labels", "truth", "--output", $"{_folder.Path}/1/{file}.json");

            (await command.ExitAsync(cancellationToken)).Should().Be(0, command.Errors);

            command.Output.Should().Equal($"{_folder.Path}/1/{file}.json: 3 rows, 2 features of inputs, 3 of outputs");
            command.Errors.Should().BeEmpty("no terminal is there to show a bar on");
            written.Add(await File.ReadAllBytesAsync($"{_folder.Path}/1/{file}.json", cancellationToken));
        }

        written[1].Should().Equal(written[0]);
        written[2].Should().Equal(written[0]);
        var errors = new List<string>();
        Making.Require(BaselineFile.Parse(written[0], errors)!.Inputs[0], [1, 3, double.NaN]);
        errors.Should().BeEmpty();
    }

    [Test]
    public async Task What_is_left_out_is_said_and_only_what_is_picked_is_kept(CancellationToken cancellationToken)
    {
        _folder.WithText("train.csv", "a,b\n1,\n2,\n");
        await using var command = Start("train.csv", "--features", "a,b", "--output", $"{_folder.Path}/1/baseline.json");

        (await command.ExitAsync(cancellationToken)).Should().Be(0, command.Errors);

        command.Errors.Should().Be("b is left out: no row has a value of it");
        BaselineFile.Read($"{_folder.Path}/1")!.Inputs.Select(feature => feature.Name).Should().Equal("a");
    }

    [Test]
    public async Task Data_that_are_wrong_are_named_with_the_line_and_nothing_is_written(CancellationToken cancellationToken)
    {
        _folder.WithText("train.csv", "a,b\n1,2\n1,x\n");
        await using var command = Start("train.csv", "--output", $"{_folder.Path}/1/baseline.json");

        (await command.ExitAsync(cancellationToken)).Should().Be(1);

        command.Errors.Should().Be($"{_folder.Path}/1/train.csv: line 3: column 'b' holds 'x', which is no number.");
        command.Output.Should().BeEmpty();
        File.Exists($"{_folder.Path}/1/baseline.json").Should().BeFalse();
    }

    [Test]
    public async Task What_is_not_there_is_named(CancellationToken cancellationToken)
    {
        _folder.WithText("train.csv", "a,b\n1,2\n").With("1", "damaged.csv.gz", [0x1F, 0x8B, 8, 0, 0]);
        await using var noData = Start("none.csv");
        await using var noFolder = Start("train.csv", "--output", $"{_folder.Path}/none/baseline.json");
        await using var damaged = Start("damaged.csv.gz");
        await using var noModel = ServerProcess.Start(new Dictionary<string, string>(), "baseline", "--model", $"{_folder.Path}/none/model.onnx", "--data", $"{_folder.Path}/1/train.csv");

        (await noData.ExitAsync(cancellationToken)).Should().Be(1);
        (await noFolder.ExitAsync(cancellationToken)).Should().Be(1);
        (await damaged.ExitAsync(cancellationToken)).Should().Be(1);
        (await noModel.ExitAsync(cancellationToken)).Should().Be(1);

        noData.Errors.Should().StartWith($"{_folder.Path}/1/none.csv: cannot be opened: ");
        noFolder.Errors.Should().Be($"There is no folder {_folder.Path}/none to write baseline.json to.");
        damaged.Errors.Should().NotBeEmpty().And.NotContain("   at ");
        noModel.Errors.Should().Be($"There is no file {_folder.Path}/none/model.onnx.");
    }

    [Test]
    public async Task An_option_that_is_missing_is_an_error_of_the_command_line(CancellationToken cancellationToken)
    {
        await using var command = ServerProcess.Start(new Dictionary<string, string>(), "baseline", "--model", $"{_folder.Path}/1/model.onnx");

        (await command.ExitAsync(cancellationToken)).Should().Be(2);

        command.Errors.Should().Contain("--data");
    }

    [TestCase("hour")]
    [TestCase("=24h")]
    [TestCase("hour=soon")]
    public async Task A_period_that_is_none_is_an_error_of_the_command_line(string period, CancellationToken cancellationToken)
    {
        await using var command = Start("train.csv", "--seasonality", "a=1h", period);

        (await command.ExitAsync(cancellationToken)).Should().Be(2);

        command.Errors.Should().Contain($"--seasonality: must be a feature's name and a duration, such as hour=24h, got '{period}'");
    }

    [TestCase("csv")]
    [TestCase("jsonl")]
    [Category("Long")]
    [CancelAfter(600_000)]
    public async Task A_million_rows_are_read_with_less_memory_than_they_take(string format, CancellationToken cancellationToken)
    {
        const int Rows = 1_000_000;
        var path = $"{_folder.Path}/1/train.{format}";
        var small = new long[2];
        await using (var file = new StreamWriter(path))
        {
            var random = new Random(17);
            var padding = new string('x', 120);
            await file.WriteAsync(format == "csv" ? "a,b,note\n" : "");
            for (var i = 0; i < Rows; i++)
            {
                var (a, b) = (random.Next(2), random.NextDouble().ToString("R", CultureInfo.InvariantCulture));
                small[a]++;
                await file.WriteAsync(format == "csv" ? $"{a},{b},{padding}\n" : $"{{\"a\":{a},\"b\":{b},\"note\":\"{padding}\"}}\n");
            }
        }

        new FileInfo(path).Length.Should().BeGreaterThan(HeapBytes);
        await using var command = ServerProcess.Start(
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = HeapBytes.ToString("X", CultureInfo.InvariantCulture) },
            "baseline", "--model", $"{_folder.Path}/1/model.onnx", "--data", path, "--labels", "note", "--output", $"{_folder.Path}/1/baseline.json");

        (await command.ExitAsync(cancellationToken)).Should().Be(0, command.Errors);

        var baseline = BaselineFile.Read($"{_folder.Path}/1")!;
        baseline.Rows.Should().Be(Rows);
        baseline.Inputs[0].Edges.Should().Equal(0, 0.5, 1);
        baseline.Inputs[0].Ratios.Should().Equal(0, small[0] / (double)Rows, small[1] / (double)Rows, 0, 0);
        baseline.Inputs[1].Ratios.Skip(1).Take(10).Should().OnlyContain(ratio => ratio > 0.088 && ratio < 0.112, "the edges of a sample are off by 0.6 % of the rows at most");
    }

    private ServerProcess Start(string data, params string[] more) => ServerProcess.Start(
        new Dictionary<string, string>(), ["baseline", "--model", $"{_folder.Path}/1/model.onnx", "--data", $"{_folder.Path}/1/{data}", .. more]);
}
