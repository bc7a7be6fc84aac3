using System.Net;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Slipway.DevCluster;
using Slipway.EndToEnd.Tests.Support;
using Slipway.Operator;

namespace Slipway.EndToEnd.Tests;

/// <summary>Many models, and operators that follow each other with another default image.</summary>
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class UpgradeTests
{
    private const int AtATime = 5;
    private const string Images = "{range .items[*]}{.spec.template.spec.containers[0].image}{\"\\n\"}{end}";
    private const string Settled = "{range .items[*]}{.metadata.generation}={.status.observedGeneration},{.status.replicas}={.status.updatedReplicas},{.status.updatedReplicas}={.status.availableReplicas}{\"\\n\"}{end}";

    private const string Progress =
        "jsonpath={.metadata.name}|{.spec.template.spec.containers[0].image}|{.metadata.generation}|{.status.observedGeneration}|{.status.replicas}|{.status.updatedReplicas}|{.status.availableReplicas}{\"\\n\"}";

    private const string Reason = "jsonpath={.metadata.name}|{.status.conditions[?(@.type==\"Ready\")].reason}{\"\\n\"}";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private string _image = "";
    private int _models;
    private Cluster _cluster = null!;
    private Kubectl _kubectl = null!;

    [TestCase(12)]
    [TestCase(50, Category = "Long")]
    public async Task A_new_default_image_reaches_a_few_models_at_a_time_and_stops_at_the_first_that_fails(int models)
    {
        (_image, _models) = ("example.com/server:1", models);
        using var limit = new CancellationTokenSource(Limit);
        await using var cluster = _cluster = await Cluster.StartAsync(new() { WithNode = false, Operator = Operator }, limit.Token);
        AllAsked.Collect(cluster);
        await using var node = await InstantNode.StartAsync(cluster.Client("instant-node"), limit.Token);
        _kubectl = new(cluster.KubeconfigPath, "default");
        await _kubectl.ApplyAsync(string.Join("\n---\n", Enumerable.Range(1, models).Select(number => Manifest.Of($"model-{number}"))));
        await AllServeAsync("example.com/server:1");

        using (var watch = new KubectlWatch(cluster.KubeconfigPath, "default", "deploy", Progress))
        {
            await RestartAsync("example.com/server:2");
            await Eventually.TrueAsync(async () => (await ImagesAsync()).Count(image => image.EndsWith(":2", StringComparison.Ordinal)) > AtATime, "the first are done", Limit);
            await RestartAsync("example.com/server:2");
            await AllServeAsync("example.com/server:2");
            MostAtOnce(watch.Lines).Should().BeInRange(2, AtATime, "of {0}", string.Join("; ", watch.Lines));
        }

        using (var watch = new KubectlWatch(cluster.KubeconfigPath, "default", "md", Reason))
        {
            await RestartAsync("example.com/broken:3");
            await Eventually.TrueAsync(async () => (await ReasonsAsync()).Count(reason => reason == "ImagePullFailed") == AtATime, "those that began are in trouble", Limit);
            await RestartAsync("example.com/broken:3");

            await _kubectl.RunAsync("patch", $"md/model-{models}", "--type=merge", "-p", """{"spec": {"model": {"version": "2"}}}""");
            await Eventually.TrueAsync(
                async () => await _kubectl.GetAsync($"deploy/model-{models}", "{.spec.template.spec.containers[0].image}") == "example.com/broken:3", "a change of the spec waits for nobody", Limit);
            (await _kubectl.GetAsync("md", "{.items[*].status.conditions[?(@.type==\"Serving\")].status}")).Should().NotContain("False", "the old pods serve on");

            var begun = Split(await _kubectl.GetAsync("deploy", "{range .items[?(@.spec.template.spec.containers[0].image==\"example.com/broken:3\")]}{.metadata.name}{\"\\n\"}{end}"));
            begun.Should().HaveCountLessThanOrEqualTo(AtATime + 1, "nobody else begins");
            watch.Lines.Select(line => line.Split('|')).Where(parts => !begun.Contains(parts[0])).Should().OnlyContain(parts => parts[1] == "Ready", "who waits is left as it is");
        }

        await RestartAsync("example.com/server:4");
        await AllServeAsync("example.com/server:4");
    }

    private WebApplication Operator(KubernetesClientConfiguration configuration) =>
        OperatorHost.Build(new() { Kubernetes = configuration, Listen = new(IPAddress.Loopback, 0), LogLevel = LogLevel.Warning, ServerImage = _image, UpgradeConcurrency = AtATime });

    private async Task RestartAsync(string image)
    {
        using var limit = new CancellationTokenSource(Limit);
        _image = image;
        await _cluster.RestartOperatorAsync(limit.Token);
    }

    private Task AllServeAsync(string image)
    {
        List<string> images = [], reasons = [];
        return Eventually.TrueAsync(
            async () =>
            {
                // Until the pods are there, a status may be from before the turn.
                var settled = await SettledAsync();
                (images, reasons) = (await ImagesAsync(), await ReasonsAsync());
                return settled.Count == _models && images.Count == _models && images.All(one => one == image) && reasons.Count == _models && reasons.All(reason => reason == "Ready");
            },
            () => $"all serve with {image}: {string.Join(", ", images.CountBy(one => one))}, {string.Join(", ", reasons.CountBy(reason => reason))}",
            Limit);
    }

    private async Task<List<string>> ImagesAsync() => Split(await _kubectl.GetAsync("deploy", Images));

    /// <summary>A line for each Deployment whose pods are as they should be.</summary>
    private async Task<List<string>> SettledAsync() =>
        [.. Split(await _kubectl.GetAsync("deploy", Settled)).Where(line => line.Split(',').Select(pair => pair.Split('=')).All(pair => pair[0].Length > 0 && pair[0] == pair[1]))];

    private async Task<List<string>> ReasonsAsync() => Split(await _kubectl.GetAsync("md", "{.items[*].status.conditions[?(@.type==\"Ready\")].reason}"));

    private static List<string> Split(string text) => [.. text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The most models whose pods were being replaced at the same time, in the order in which the API server told.</summary>
    private static int MostAtOnce(IEnumerable<string> events)
    {
        HashSet<string> underWay = [];
        var most = 0;
        foreach (var parts in events.Select(line => line.Split('|')))
        {
            var done = parts[2] == parts[3] && parts[4..] is ["1", "1", "1"];
            _ = done || !parts[1].EndsWith(":2", StringComparison.Ordinal) ? underWay.Remove(parts[0]) : underWay.Add(parts[0]);
            most = Math.Max(most, underWay.Count);
        }

        return most;
    }
}
