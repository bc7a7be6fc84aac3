using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>The page of the local cluster in a real browser, and a cluster that was started as its users start it, with the sample in it.</summary>
[Category("Long")]
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed partial class StatusPageTests
{
    private const string Sample = "fraud-detector";
    private const string Abroad = "fraud-abroad";
    private const int Width = 1200;
    private const int Height = 900;

    private const string Watched = """
          monitoring:
            drift: {window: 2m, for: 0s, features: [amount, amount_ratio, card_present]}
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private string _data = "";
    private DevClusterProcess _cluster = null!;
    private Kubectl _kubectl = null!;
    private Uri _page = null!;
    private Browser _browser = null!;

    [OneTimeSetUp]
    public async Task StartCluster()
    {
        _data = Directory.CreateTempSubdirectory("slipway-page-").FullName;
        _cluster = new(_data, "--page-port", "0", "-f", Repository.Sample("fraud-detection/"), "--mount", $"{Repository.Sample("fraud-detection/models")}=/models");
        await _cluster.PrintedAsync("Ctrl-C stops it", Limit);
        _kubectl = new(Path.Combine(_data, "kubeconfig"), "default");
        _page = PageOf(_cluster);
    }

    [OneTimeTearDown]
    public async Task StopCluster()
    {
        await _cluster.SignalAsync("INT");
        await _cluster.ExitCodeAsync(Limit);
        _cluster.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [SetUp]
    public async Task OpenPage()
    {
        _browser = await Browser.StartAsync(Width, Height);
        await _browser.OpenAsync(_page);
        await _browser.RunAsync("window.opened = 'once'");
    }

    [TearDown]
    public async Task ClosePage()
    {
        await using var browser = _browser;
        await _kubectl.RunAsync("delete", "modeldeployments", $"--field-selector=metadata.name!={Sample}", "--timeout=60s");
        ((string?)await browser.RunAsync("return window.opened")).Should().Be("once", "nothing made the page load anew");
        (await browser.ComplaintsAsync()).Should().BeEmpty();
        var asked = await browser.AskedAsync();
        asked.Should().Contain(new Uri(_page, "/state"));
        asked.Should().OnlyContain(address => address.Authority == _page.Authority && IPAddress.IsLoopback(IPAddress.Parse(address.Host)));
    }

    [Test]
    public async Task A_model_is_shown_with_its_pods_what_it_answered_how_right_it_was_and_what_strays()
    {
        await _kubectl.ApplyAsync(Manifest.Of(Abroad, version: "2", more: Watched));
        await _kubectl.RunAsync("wait", "--for=condition=Ready", $"md/{Abroad}", "--timeout=90s");
        var rows = HeldOut.Rows(every: 3);
        var labels = (await HeldOut.AskAsync(await ServiceAsync(Sample), Sample, rows)).Zip(rows, (label, row) => (Predicted: label, Actual: (long)row[^1])).ToList();
        await HeldOut.AskAsync(await ServiceAsync(Abroad), Abroad, HeldOut.InAnotherCurrency(rows));
        var pods = (await _kubectl.RunAsync("get", "pods", "-l", $"slipway.dev/model={Sample}", "-o", "jsonpath={.items[*].status.podIP}")).Split(' ');
        pods.Should().HaveCount(2);
        // What each pod was told alone would give other figures.
        await HeldOut.TellAsync(new($"http://{pods[0]}:8080"), Sample, "1", labels.Where(label => label.Predicted == label.Actual));
        await HeldOut.TellAsync(new($"http://{pods[1]}:8080"), Sample, "1", labels.Where(label => label.Predicted != label.Actual));

        var page = await ShownPage.UntilAsync(
            _browser,
            shown => shown.Model($"default/{Abroad}") is { } abroad && abroad.Badges.Contains("Drifted")
                && shown.Model($"default/{Sample}") is { Features.Count: > 0 } told && told.Facts.Any(fact => fact.EndsWith($"|of {Number(labels.Count)} answers with feedback", StringComparison.Ordinal)),
            "drift, and the feedback of both pods",
            Limit);

        page.Summary.Should().Be("Local cluster: 2 models, 2 ready");
        var sample = page.Model($"default/{Sample}")!;
        sample.Version.Should().Be("version 1");
        sample.Badges.Should().Contain("Ready").And.Contain("Serving").And.NotContain("Drifted");
        sample.Messages.Should().Equal("Version 1 is served by 2 pods.");
        sample.Pods.Select(pod => (pod[1], pod[2])).Should().Equal(("Running, ready", "0"), ("Running, ready", "0"));
        sample.Facts.Should().Contain("Pods|2 of 2|ready").And.Contain(fact => fact.StartsWith("Requests, last ten minutes|", StringComparison.Ordinal) && fact.Contains("|0 failed, ", StringComparison.Ordinal));
        sample.Classes.Should().HaveCount(2);
        sample.Facts.Should().Contain($"Accuracy of version 1|{Percent(labels.Count(label => label.Predicted == label.Actual), labels.Count)}|of {Number(labels.Count)} answers with feedback");
        var frauds = labels.Where(label => label.Actual == 1).ToList();
        var found = frauds.Count(label => label.Predicted == 1);
        sample.Classes.Single(each => each[0] == "1")[2].Should().Be($"{Percent(found, frauds.Count)} of {Number(frauds.Count)}");
        sample.Features.Should().HaveCount(15).And.NotContain(feature => feature.Strays);
        sample.Features.Single(feature => feature.Name == "hour").Told.Should().Be("comes round every 24h");

        var abroad = page.Model($"default/{Abroad}")!;
        abroad.Version.Should().Be("version 2");
        abroad.Features.Should().HaveCount(15);
        abroad.Features.Take(2).Select(feature => feature.Name).Should().BeEquivalentTo(["amount", "amount_ratio"]);
        abroad.Features[0].Strays.Should().BeTrue();
        abroad.Facts.Should().Contain($"Largest PSI|{abroad.Features[0].Told}|{abroad.Features[0].Name}");
        abroad.Features[0].Bar.Should().BeApproximately(Math.Min(1, double.Parse(abroad.Features[0].Told, CultureInfo.InvariantCulture)), 0.01).And.BeGreaterThan(sample.Features[0].Bar);
        page.Events.Should().Contain(told => told[2] == "Ready" && told[3] == $"default/{Sample}").And.Contain(told => told[3] == $"default/{Abroad}");

        var picture = Path.Combine(TestContext.CurrentContext.WorkDirectory, "status-page.png");
        await File.WriteAllBytesAsync(picture, await _browser.PictureAsync());
        TestContext.AddTestAttachment(picture);
    }

    [Test]
    public async Task What_changes_in_the_cluster_is_shown_without_a_reload()
    {
        await ShownPage.UntilAsync(_browser, page => page.Model($"default/{Sample}")?.Pods.Count == 2, "two pods", Limit);

        await _kubectl.RunAsync("patch", "md", Sample, "--type=merge", "-p", """{"spec":{"replicas":3}}""");
        await ShownPage.UntilAsync(_browser, page => page.Model($"default/{Sample}")!.Facts.Contains("Pods|3 of 3|ready"), "three pods", Limit);
        await _kubectl.RunAsync("patch", "md", Sample, "--type=merge", "-p", """{"spec":{"replicas":2}}""");
        await ShownPage.UntilAsync(_browser, page => page.Model($"default/{Sample}")!.Facts.Contains("Pods|2 of 2|ready"), "two pods again", Limit);

        await _kubectl.ApplyAsync(Manifest.Of("another", version: "7"));
        await ShownPage.UntilAsync(_browser, page => page.Model("default/another")?.Badges.Contains("Not ready") == true && page.Summary == "Local cluster: 2 models, 1 ready", "a model that cannot be served", Limit);
        await _kubectl.RunAsync("delete", "md", "another");
        await ShownPage.UntilAsync(_browser, page => page.Model("default/another") is null && page.Summary == "Local cluster: 1 model, 1 ready", "one model less", Limit);
    }

    [Test]
    public async Task What_the_cluster_tells_is_text_whatever_it_looks_like()
    {
        // Addresses hold no blanks, which markup can do without.
        const string Markup = "<img/src=\"x\"/onerror=\"window.opened='by-markup'\">";
        await _kubectl.ApplyAsync(Manifest.Of("markup", uri: $"'file:///models/{Markup.Replace("'", "''", StringComparison.Ordinal)}'"));
        await _kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Event
            metadata: {name: markup, namespace: default}
            involvedObject: {apiVersion: slipway.dev/v1alpha1, kind: ModelDeployment, namespace: default, name: markup}
            type: Warning
            reason: <b>Markup</b>
            message: "{{Markup.Replace("\"", "\\\"", StringComparison.Ordinal)}}"
            lastTimestamp: "2100-01-01T00:00:00Z"
            """);

        var page = await ShownPage.UntilAsync(
            _browser,
            shown => shown.Model("default/markup")?.Messages.Any(message => message.Contains(Markup, StringComparison.Ordinal)) == true && shown.Events.Any(told => told[4] == Markup),
            "the message of the model and that of the event",
            Limit);

        page.Events[0][2].Should().Be("<b>Markup</b>");
        ((int)(await _browser.RunAsync("return document.querySelectorAll('img, #events b').length"))!).Should().Be(0);
        await _kubectl.RunAsync("delete", "event", "markup");
    }

    [Test]
    public async Task Once_the_cluster_does_not_answer_the_page_says_so_and_shows_what_was_last_seen()
    {
        var data = Directory.CreateTempSubdirectory("slipway-page-").FullName;
        using var stopped = new DevClusterProcess(data, "--page-port", "0");
        await stopped.PrintedAsync("Ctrl-C stops it", Limit);
        await using var browser = await Browser.StartAsync(Width, Height);
        await browser.OpenAsync(PageOf(stopped));
        await new Kubectl(Path.Combine(data, "kubeconfig"), "default").ApplyAsync(Manifest.Of("seen", version: "7"));
        var seen = await ShownPage.UntilAsync(browser, page => page.Model("default/seen")?.Badges.Contains("Not ready") == true, "a model", Limit);
        seen.Lost.Should().BeEmpty();

        await stopped.SignalAsync("INT");
        await stopped.ExitCodeAsync(Limit);
        var left = await ShownPage.UntilAsync(browser, page => page.Lost.Length > 0, "that it is lost", Limit);

        left.Lost.Should().Be("The cluster does not answer; this is what was last seen.");
        left.Summary.Should().Be("Local cluster: 1 model, 0 ready");
        left.Model("default/seen")!.Version.Should().Be("version 7");
        Directory.Delete(data, recursive: true);
    }

    private async Task<Uri> ServiceAsync(string model) => new($"http://{await _kubectl.GetAsync($"service/{model}", "{.spec.clusterIP}")}:8080");

    private static Uri PageOf(DevClusterProcess cluster) => new(PageAddress().Match(cluster.Output).Value);

    private static string Percent(int part, int all) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / all:F1} %");

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex("http://127[.]0[.]0[.]1:[0-9]+/(?= in a browser)")]
    private static partial Regex PageAddress();
}
