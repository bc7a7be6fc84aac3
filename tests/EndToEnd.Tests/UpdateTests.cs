using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

internal sealed class UpdateTests : ClusterTest
{
    [OwnCluster(OwnClusterAttribute.Processes)]
    [Test]
    public async Task A_new_version_takes_over_without_one_failed_request()
    {
        await ServeAsync(Manifest.Of(version: "1", replicas: 2));
        var service = await ServiceAsync();
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentBag<string>();
        var failures = new ConcurrentBag<string>();
        var clients = Enumerable.Range(0, 4).Select(number => StreamAsync(service, keepAlive: number % 2 == 0, answers, failures, stop.Token)).ToList();

        await Kubectl.ApplyAsync(Manifest.Of(version: "2", replicas: 2));
        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.model.version}=2", "md/fraud-detector", "--timeout=90s");
        await WaitReadyAsync();
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        failures.Should().BeEmpty();
        answers.Distinct().Should().BeEquivalentTo(["1", "2"]);
        ((string?)(await PredictAsync())["model_version"]).Should().Be("2");
        await TestContext.Out.WriteLineAsync($"{answers.Count} requests answered during the update, none failed.");
    }

    [Test]
    public async Task The_config_of_a_version_lives_as_long_as_its_pods()
    {
        await SettleAsync(Manifest.Of(version: "1"));
        var first = await RevisionConfigsAsync();

        await Kubectl.ApplyAsync(Manifest.Of(version: "2"));
        await Kubectl.RunAsync("wait", "--for=jsonpath={.status.model.version}=2", "md/fraud-detector", "--timeout=90s");
        await WaitReadyAsync();

        await Eventually.TrueAsync(async () => (await RevisionConfigsAsync()).Length == 1, "the old ConfigMap is pruned", Limit);
        (await RevisionConfigsAsync()).Should().NotEqual(first);
        await Eventually.TrueAsync(async () => (await RecordsAsync()).All(record => record.Digest.Length > 0), "both digests are recorded", Limit);
        var records = await RecordsAsync();
        records.Select(record => (record.Number, record.Version)).Should().Equal(("1", "1"), ("2", "2"));
        records.Select(record => record.Digest).Should().OnlyHaveUniqueItems().And.OnlyContain(digest => digest.StartsWith("sha256:", StringComparison.Ordinal));

        await Kubectl.RunAsync("patch", "md/fraud-detector", "--type=merge", "-p", """{"spec": {"rollout": {"revisionHistoryLimit": 0}}}""");
        await Eventually.TrueAsync(async () => (await RecordsAsync()) is [("2", "2", _)], "what is neither in use nor kept is pruned", Limit);
    }

    [OwnCluster(OwnClusterAttribute.Processes)]
    [Test]
    public async Task Bytes_that_change_under_a_version_are_not_loaded_and_the_pod_that_has_the_old_ones_serves_on()
    {
        var from = TestCluster.Requests.Count;
        await SettleAsync(Manifest.Of(uri: $"file://{TestCluster.BrokenModels}/overwritten"));
        var (record, digest) = ((await RecordsAsync()).Single(), await Kubectl.GetAsync("md/fraud-detector", "{.status.model.digest}"));
        record.Digest.Should().Be(digest);
        WritesOf("controllerrevisions", from).Should().Be(3, "it is made, and the digest is tried with dryRun once and then written once");
        WritesOf("configmaps/fraud-detector-live", from).Should().Be(3);

        TestCluster.CopyVersion("2", Path.Combine(TestCluster.BrokenModels, "overwritten", "1"));
        await Kubectl.RunAsync("scale", "md/fraud-detector", "--replicas=2");

        var message = await WaitConditionAsync("Ready", "False", "DigestChanged");
        message.Should().Contain("other bytes than when it was served first").And.Contain(digest);
        await WaitConditionAsync("Stalled", "True", "DigestChanged");
        await WaitConditionAsync("Serving", "True", "Serving");
        (await PredictAsync())["model_version"]!.GetValue<string>().Should().Be("1");
        (await Kubectl.GetAsync("md/fraud-detector", "{.status.model.digest}|{.status.readyReplicas}")).Should().Be($"{digest}|1");
    }

    private int WritesOf(string path, int from) => TestCluster.OperatorWrites(Namespace, from).Count(write => write.Contains(path, StringComparison.Ordinal));

    private async Task<(string Number, string Version, string Digest)[]> RecordsAsync() =>
        [.. (await Kubectl.GetAsync("controllerrevisions", "{range .items[*]}{.revision} {.data.model.version} {.metadata.annotations.slipway\\.dev/digest}{\"\\n\"}{end}"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(words => (words[0], words[1], words[2])).Order()];

    private async Task<string[]> RevisionConfigsAsync() =>
        (await Kubectl.RunAsync("get", "cm", "-l", "slipway.dev/revision", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Asks without a pause until stopped; half of the clients open a connection for each request, so that every pod's turn comes.</summary>
    private static async Task StreamAsync(Uri service, bool keepAlive, ConcurrentBag<string> answers, ConcurrentBag<string> failures, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = service };
        client.DefaultRequestHeaders.ConnectionClose = !keepAlive;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                JsonObject answer = await Prediction.SendAsync(client, "fraud-detector", CancellationToken.None);
                answers.Add((string)answer["model_version"]!);
            }
            catch (HttpRequestException exception)
            {
                failures.Add(exception.ToString());
            }
        }
    }
}
