using System.Globalization;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Samples;

/// <summary>What the documentation says of the held-out transactions is what the command says.</summary>
[CancelAfter(120_000)]
internal sealed class FraudDetectionDriftTests
{
    private static readonly string Data = Path.Combine(FraudDetectionSample.Folder, "data", "held-out.csv.gz");

    [TestCase("1")]
    [TestCase("2")]
    public async Task Transactions_of_the_days_after_are_as_those_of_the_training(string version, CancellationToken cancellationToken)
    {
        await using var command = Start(version, Data, "--model", Path.Combine(FraudDetectionSample.VersionFolder(version), "model.onnx"), "--labels", "label");

        (await command.ExitAsync(cancellationToken)).Should().Be(0, command.Errors);

        command.Output[1].Should().StartWith("account_age_days ");
        command.Output[^1].Should().Be("None of 15 features has a population stability index above 0.2.");
    }

    [Test]
    public async Task The_page_shows_what_the_command_prints(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder();
        var (features, rows, labels) = FraudDetectionSample.HeldOut();
        var lines = rows.Zip(labels).Select(row => string.Join(',', [Cell((decimal)row.First[0] * 3), .. row.First.Skip(1).Select(cell => Cell(cell)), Cell(row.Second)]));
        folder.WithText("shifted.csv", $"{string.Join(',', features)},label\n{string.Join('\n', lines)}\n");
        await using var command = Start("2", $"{folder.Path}/1/shifted.csv");

        (await command.ExitAsync(cancellationToken)).Should().Be(3, command.Errors);

        var page = await File.ReadAllTextAsync(Path.Combine(FraudDetectionSample.Root, "docs", "monitoring.md"), cancellationToken);
        page.Should().Contain(string.Join('\n', command.Output.Select(line => line.Length > 0 ? $"    {line}" : "")));
    }

    private static string Cell(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static ServerProcess Start(string version, string data, params string[] more) => ServerProcess.Start(
        new Dictionary<string, string>(), ["drift", "--baseline", Path.Combine(FraudDetectionSample.VersionFolder(version), "baseline.json"), "--data", data, .. more]);
}
