using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.DevCluster;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>What the operator prints where no person watches, as in a pod.</summary>
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class LogTests
{
    private const int Reconciled = 1001;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_line_says_when_it_was_written_and_what_was_reconciled()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var cluster = await Cluster.StartAsync(new() { WithNode = false, Operator = null }, limit.Token);
        AllAsked.Collect(cluster);
        var kubectl = new Kubectl(cluster.KubeconfigPath, "default");
        await kubectl.DefineAsync();
        await kubectl.ApplyAsync(Manifest.Of());
        using var process = new OperatorProcess(cluster.KubeconfigPath, [], "--log-level", "Debug");
        await process.PrintedAsync($"\"EventId\":{Reconciled},", Limit);
        await process.SignalAsync("TERM");
        (await process.ExitCodeAsync(Limit)).Should().Be(0, process.Output);

        var lines = process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        lines.Should().OnlyContain(line => IsTime((string?)line["Timestamp"]));
        var reconciled = lines.First(line => (int)line["EventId"]! == Reconciled)["Scopes"]!.AsArray();
        reconciled.Select(scope => $"{scope!["Entity"]} {scope["ReconcileId"]}").Should().Equal("default/fraud-detector 1");
    }

    private static bool IsTime(string? text) => DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
