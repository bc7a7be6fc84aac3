using System.Diagnostics;
using System.Globalization;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Tests.Baselines;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Samples;

/// <summary>The sample's baselines are what the command makes of the rows that the models were trained on.</summary>
[CancelAfter(120_000)]
internal sealed class FraudDetectionBaselineTests
{
    private DirectoryInfo _folder = null!;

    private string Data => Path.Combine(_folder.FullName, "training.csv");

    [OneTimeSetUp]
    public async Task WriteTrainingDataAsync()
    {
        _folder = Directory.CreateTempSubdirectory("slipway-test-");
        var start = new ProcessStartInfo("python3", [Path.Combine(FraudDetectionSample.Folder, "transactions.py")]) { RedirectStandardOutput = true };
        using var python = Process.Start(start)!;
        await using (var file = File.Create(Data))
        {
            await python.StandardOutput.BaseStream.CopyToAsync(file);
        }

        await python.WaitForExitAsync();
        python.ExitCode.Should().Be(0);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [TestCase("1")]
    [TestCase("2")]
    public async Task The_command_makes_the_baseline_anew(string version, CancellationToken cancellationToken)
    {
        var output = Path.Combine(_folder.FullName, version, BaselineFile.FileName);
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        await using var command = ServerProcess.Start(
            new Dictionary<string, string>(),
            "baseline", "--model", Path.Combine(FraudDetectionSample.VersionFolder(version), "model.onnx"), "--data", Data, "--labels", "label", "--seasonality", "hour=24h", "--output", output);
        (await command.ExitAsync(cancellationToken)).Should().Be(0, command.Errors);

        var made = BaselineFile.Read(Path.GetDirectoryName(output)!)!;
        var kept = BaselineFile.Read(FraudDetectionSample.VersionFolder(version))!;

        made.Rows.Should().Be(kept.Rows);
        made.Inputs.Should().BeEquivalentTo(kept.Inputs, options => options.WithStrictOrdering());
        // What a model answers may differ in its last digits from processor to processor.
        made.Outputs.Should().BeEquivalentTo(kept.Outputs, options => options.WithStrictOrdering()
            .Using<double>(pair => pair.Subject.Should().BeApproximately(pair.Expectation, 1e-3)).WhenTypeIs<double>());
    }

    [TestCase("1")]
    [TestCase("2")]
    public void Every_share_is_that_of_the_training_rows(string version)
    {
        var lines = File.ReadAllLines(Data);
        var rows = lines.Skip(1).Select(line => Array.ConvertAll(line.Split(','), cell => (double)float.Parse(cell, CultureInfo.InvariantCulture))).ToList();
        var baseline = BaselineFile.Read(FraudDetectionSample.VersionFolder(version))!;

        baseline.Rows.Should().Be(rows.Count);
        baseline.Inputs.Select(feature => feature.Name).Should().Equal(lines[0].Split(',').SkipLast(1));
        foreach (var feature in baseline.Inputs)
        {
            Making.RequireShares(feature, [.. rows.Select(row => row[feature.Column])]);
        }

        using var model = new FraudDetectionModel(version);
        var (labels, _) = model.Predict([.. rows.Select(row => Array.ConvertAll(row[..^1], cell => (float)cell))]);
        baseline.Outputs[0].Should().BeEquivalentTo(new { Name = "label", Kind = FeatureKind.Categorical });
        baseline.Outputs[0].Categories.Should().Equal("0", "1");
        baseline.Outputs[0].Ratios[1].Should().BeApproximately(labels.Count(label => label == 1) / (double)rows.Count, 1e-6);
    }

    [Test]
    public void Both_values_of_a_flag_are_watched()
    {
        var present = BaselineFile.Read(FraudDetectionSample.VersionFolder("2"))!.Inputs.Single(feature => feature.Name == "card_present");

        present.Bins().Labels.Should().Equal("low", "[0,0.5]", "(0.5,1]", "high", "missing");
        present.Ratios.Skip(1).Take(2).Should().OnlyContain(ratio => ratio > 0.1);
    }
}
