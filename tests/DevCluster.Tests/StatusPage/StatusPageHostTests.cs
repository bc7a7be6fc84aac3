using System.Net;
using System.Text.Json.Nodes;
using k8s;

namespace Slipway.DevCluster.Tests.StatusPage;

[CancelAfter(60_000)]
internal sealed class StatusPageHostTests
{
    [Test]
    public async Task The_page_shows_each_model_with_its_conditions_its_pods_and_what_was_told_of_it(CancellationToken cancellationToken)
    {
        await using var cluster = await Cluster.StartAsync(new() { WithNode = false, PagePort = 0 }, cancellationToken);
        using var browser = new HttpClient { BaseAddress = cluster.PageAddress };
        (await browser.GetStringAsync(new Uri("/", UriKind.Relative), cancellationToken)).Should().Contain("<title>Slipway</title>");
        (await StateAsync(browser, cancellationToken))["models"]!.AsArray().Should().BeEmpty();

        using var client = cluster.Client("tests");
        var model = JsonNode.Parse("""{"apiVersion":"slipway.dev/v1alpha1","kind":"ModelDeployment","metadata":{"name":"m"},"spec":{"model":{"uri":"file:///models/m","version":"1"}}}""")!;
        await client.CustomObjects.CreateNamespacedCustomObjectAsync(model, "slipway.dev", "v1alpha1", "default", "modeldeployments", cancellationToken: cancellationToken);

        JsonNode state;
        do
        {
            state = await StateAsync(browser, cancellationToken);
        }
        while (state["models"]!.AsArray() is not [{ } known]
            || known["conditions"]!.AsArray().Count == 0 || known["pods"]!.AsArray().Count == 0 || state["events"]!.AsArray().Count == 0);

        var shown = state["models"]![0]!;
        ((string?)shown["namespace"], (string?)shown["name"], (string?)shown["version"]).Should().Be(("default", "m", "1"));
        shown["conditions"]!.AsArray().Should().Contain(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "False");
        shown["pods"]!.AsArray().Should().OnlyContain(pod => (string?)pod!["phase"] == "Pending" && !(bool)pod["ready"]!);
        ((string?)state["events"]![0]!["object"]).Should().Be("default/m");
    }

    [Test]
    public async Task A_page_of_another_name_may_not_read_it(CancellationToken cancellationToken)
    {
        await using var cluster = await Cluster.StartAsync(new() { WithNode = false, Operator = null, PagePort = 0 }, cancellationToken);
        using var browser = new HttpClient { BaseAddress = cluster.PageAddress };
        (await StateAsync(browser, cancellationToken))["models"]!.AsArray().Should().BeEmpty("nobody has defined them");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/state") { Headers = { Host = "elsewhere.example" } };

        using var answer = await browser.SendAsync(request, cancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    private static async Task<JsonNode> StateAsync(HttpClient browser, CancellationToken cancellationToken) =>
        JsonNode.Parse(await browser.GetStringAsync(new Uri("/state", UriKind.Relative), cancellationToken))!;
}
