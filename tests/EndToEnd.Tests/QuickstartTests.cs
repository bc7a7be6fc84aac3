using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>What a newcomer runs first, as a process of its own.</summary>
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class QuickstartTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string[] Sample =
        ["-f", Repository.Sample("fraud-detection/"), "--mount", $"{Repository.Sample("fraud-detection/models")}=/models"];

    private string _data = "";

    [SetUp]
    public void MakeDataDirectory() => _data = Directory.CreateTempSubdirectory("slipway-quickstart-").FullName;

    [TearDown]
    public void DeleteDataDirectory() => Directory.Delete(_data, recursive: true);

    [Test]
    public async Task Once_serves_the_sample_predicts_and_ends()
    {
        using var cluster = new DevClusterProcess(_data, [.. Sample, "--once"]);

        (await cluster.ExitCodeAsync(Limit)).Should().Be(0, cluster.Output);

        cluster.Output.Should().MatchRegex(@"NAME\s+READY\s+VERSION\s+REPLICAS\s+AGE\s+fraud-detector\s+True\s+1\s+2\s");
        var line = cluster.Output.Split('\n').Single(text => text.StartsWith("prediction: ", StringComparison.Ordinal));
        Prediction.Labels(JsonNode.Parse(line["prediction: ".Length..])!.AsObject()).Should().Equal(0, 1);
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    [TestCase("KILL")]
    public async Task However_it_ends_no_server_is_left(string signal)
    {
        using var cluster = new DevClusterProcess(_data, Sample);
        await Eventually.TrueAsync(() => Task.FromResult(cluster.Output.Contains("Ctrl-C stops it", StringComparison.Ordinal)), () => $"the cluster is up: {cluster.Output}", Limit);
        var kubectl = new Kubectl(Path.Combine(_data, "kubeconfig"), "default");
        var addresses = (await kubectl.GetAsync("pods", "{.items[*].status.podIP}")).Split(' ');
        addresses.SelectMany(ServerProcesses.Of).Should().HaveCount(2);

        await cluster.SignalAsync(signal);
        var exit = await cluster.ExitCodeAsync(Limit);

        exit.Should().Be(signal == "KILL" ? 137 : 0, cluster.Output);
        await Eventually.TrueAsync(() => Task.FromResult(!addresses.SelectMany(ServerProcesses.Of).Any()), "no server is left", Limit);
        cluster.Output.Should().NotContainAny("fail:", "warn:", "\"LogLevel\":\"Warning\"", "\"LogLevel\":\"Error\"");
    }

    [Test]
    public async Task A_sample_that_is_not_there_ends_with_a_sentence()
    {
        using var cluster = new DevClusterProcess(_data, "-f", "no-such-folder");

        (await cluster.ExitCodeAsync(Limit)).Should().Be(1);

        cluster.Output.Trim().Should().Be("slipway-dev: There is no file or directory \"no-such-folder\" to apply.");
    }
}
