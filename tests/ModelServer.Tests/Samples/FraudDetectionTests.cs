using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.ModelServer.Tests.Samples;

[TestFixture]
internal sealed class FraudDetectionTests
{
    private static readonly string[] Versions = ["1", "2"];

    [TestCaseSource(nameof(Versions))]
    public void The_manifest_names_the_checksums_of_all_other_files(string version)
    {
        var files = Directory.GetFiles(FraudDetectionSample.VersionFolder(version)).Where(file => Path.GetFileName(file) != "SHA256SUMS").Order(StringComparer.Ordinal);
        var lines = files.Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetFileName(file)}\n");

        File.ReadAllText(Path.Combine(FraudDetectionSample.VersionFolder(version), "SHA256SUMS")).Should().Be(string.Concat(lines));
    }

    [TestCaseSource(nameof(Versions))]
    public void The_model_reaches_the_figures_that_the_README_states(string version)
    {
        var (_, rows, truth) = FraudDetectionSample.HeldOut();
        using var model = new FraudDetectionModel(version);
        var (labels, scores) = model.Predict(rows);
        var figures = ClassifierFigures.Of(truth, scores, labels);

        var stated = FraudDetectionSample.TableRows(cell => cell == version)
            .Single(cells => cells.Length == 6 && cells[1].Contains(version == "1" ? "regression" : "trees", StringComparison.Ordinal))[2..];
        double[] reached = [figures.AreaUnderCurve, figures.AveragePrecision, figures.Recall, figures.Precision];
        FraudDetectionSample.ReadText("README.md").Should().Contain($"days, {truth.Length.ToString("N0", CultureInfo.InvariantCulture)} transactions");
        reached.Select(figure => figure.ToString("F4", CultureInfo.InvariantCulture)).Should().Equal(stated);
    }

    [Test]
    public void Version_2_is_better_than_version_1_in_every_figure()
    {
        var (_, rows, truth) = FraudDetectionSample.HeldOut();
        using var first = new FraudDetectionModel("1");
        using var second = new FraudDetectionModel("2");
        var (firstLabels, firstScores) = first.Predict(rows);
        var (secondLabels, secondScores) = second.Predict(rows);
        var one = ClassifierFigures.Of(truth, firstScores, firstLabels);
        var two = ClassifierFigures.Of(truth, secondScores, secondLabels);

        two.AreaUnderCurve.Should().BeGreaterThan(one.AreaUnderCurve);
        two.AveragePrecision.Should().BeGreaterThan(one.AveragePrecision);
        two.Recall.Should().BeGreaterThan(one.Recall);
        two.Precision.Should().BeGreaterThan(one.Precision);
    }

    [TestCaseSource(nameof(Versions))]
    public void ONNX_Runtime_gives_the_scores_of_scikit_learn(string version)
    {
        var (_, rows, _) = FraudDetectionSample.HeldOut();
        using var model = new FraudDetectionModel(version);
        var (_, scores) = model.Predict(rows);

        var reference = FraudDetectionSample.ReferenceScores(version);
        reference.Should().HaveSameCount(scores);
        scores.Zip(reference, (score, expected) => Math.Abs(score - expected)).Max().Should().BeLessThan(1e-5f);
    }

    [TestCaseSource(nameof(Versions))]
    public void The_label_says_whether_the_probability_of_fraud_reaches_one_half(string version)
    {
        var (_, rows, _) = FraudDetectionSample.HeldOut();
        using var model = new FraudDetectionModel(version);
        var (labels, scores) = model.Predict(rows);

        labels.Should().Equal(scores.Select(score => score >= 0.5f ? 1L : 0L));
        labels.Should().Contain(1).And.Contain(0);
    }

    [TestCaseSource(nameof(Versions))]
    public void A_row_scores_the_same_alone_as_among_others(string version)
    {
        var (_, rows, _) = FraudDetectionSample.HeldOut();
        using var model = new FraudDetectionModel(version);
        var (_, together) = model.Predict(rows[..64]);

        var alone = rows[..64].Select(row => model.Predict([row]).Scores.Single());
        alone.Zip(together, (one, other) => Math.Abs(one - other)).Max().Should().BeLessThan(1e-6f);
    }

    [TestCaseSource(nameof(Versions))]
    public void README_data_and_model_agree_on_the_features_and_their_order(string version)
    {
        var (features, _, _) = FraudDetectionSample.HeldOut();
        using var model = new FraudDetectionModel(version);

        var stated = FraudDetectionSample.TableRows(cell => int.TryParse(cell, out _))
            .Where(cells => cells.Length == 3)
            .Select((cells, index) => (Column: cells[0], Expected: $"{index}", Feature: cells[1].Trim('`')))
            .ToList();
        stated.Should().OnlyContain(row => row.Column == row.Expected);
        stated.Select(row => row.Feature).Should().Equal(features);
        model.Metadata["features"].Split(',').Should().Equal(features);
    }

    [TestCaseSource(nameof(Versions))]
    public void The_request_holds_an_ordinary_and_a_fraudulent_transaction(string version)
    {
        using var request = JsonDocument.Parse(FraudDetectionSample.ReadText("request.json"));
        var input = request.RootElement.GetProperty("inputs").EnumerateArray().Single();
        var shape = input.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        var data = input.GetProperty("data").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetSingle()).ToArray()).ToArray();
        using var model = new FraudDetectionModel(version);

        input.GetProperty("name").GetString().Should().Be("features");
        input.GetProperty("datatype").GetString().Should().Be("FP32");
        data.Should().HaveCount(shape[0]).And.OnlyContain(row => row.Length == shape[1]);
        model.Predict(data).Labels.Should().Equal(0, 1);
    }

    [Test]
    [Category("Long")]
    [CancelAfter(300_000)]
    public async Task Training_again_gives_the_same_models_and_data(CancellationToken cancellationToken)
    {
        var output = Directory.CreateTempSubdirectory("fraud-detection-");
        try
        {
            var start = new ProcessStartInfo(Path.Combine(FraudDetectionSample.Root, ".tools", "bin", "python3"))
            {
                ArgumentList = { Path.Combine(FraudDetectionSample.Folder, "train.py"), "--output", output.FullName, "--server", Path.Combine(AppContext.BaseDirectory, "slipway-server") },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var training = Process.Start(start)!;
            await using var kill = cancellationToken.Register(() => training.Kill(entireProcessTree: true));
            var report = training.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = training.StandardError.ReadToEndAsync(cancellationToken);
            await training.WaitForExitAsync(cancellationToken);
            training.ExitCode.Should().Be(0, await report + await errors);

            var written = output.GetFiles("*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(output.FullName, file.FullName)).ToList();
            written.Should().HaveCount(8);
            // A baseline may differ in the last digits of outputs, and the manifest with it.
            written.Where(file => Path.GetExtension(file) is ".onnx" or ".gz").Should().HaveCount(4)
                .And.OnlyContain(file => SameBytes(Path.Combine(output.FullName, file), Path.Combine(FraudDetectionSample.Folder, file)));
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static bool SameBytes(string one, string other) => File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));
}
