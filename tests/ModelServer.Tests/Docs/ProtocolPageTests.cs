using System.Diagnostics;
using System.Text.RegularExpressions;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Samples;

namespace Slipway.ModelServer.Tests.Docs;

/// <summary>What <c>docs/protocol.md</c> shows is what happens.</summary>
[CancelAfter(120_000)]
internal sealed partial class ProtocolPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(FraudDetectionSample.Root, "docs", "protocol.md"));

    [Test]
    public async Task Every_example_gives_the_answer_beside_it(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, settings => settings with { Model = "doubler" });
        var examples = Examples().Matches(Page);

        examples.Should().HaveCountGreaterThan(9);
        foreach (Match example in examples)
        {
            var command = example.Groups["command"].Value.Replace("localhost:8080", $"127.0.0.1:{server.Host.HttpPort}", StringComparison.Ordinal);
            (await RunAsync(command, cancellationToken)).Should().Be(example.Groups["answer"].Value, command);
        }
    }

    private static async Task<string> RunAsync(string command, CancellationToken cancellationToken)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;
        var said = await shell.StandardOutput.ReadToEndAsync(cancellationToken);
        await shell.WaitForExitAsync(cancellationToken);
        shell.ExitCode.Should().Be(0, command);
        return said.Trim();
    }

    [GeneratedRegex("```sh\n(?<command>.*?)\n```\n```json\n(?<answer>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Examples();
}
