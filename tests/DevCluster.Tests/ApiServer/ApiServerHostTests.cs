using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using Slipway.DevCluster.ApiServer;

namespace Slipway.DevCluster.Tests.ApiServer;

[CancelAfter(60_000)]
internal sealed class ApiServerHostTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Services = "/api/v1/namespaces/default/services";

    /// <summary>Room for 61 Services.</summary>
    private static readonly ApiServerOptions FewAddresses = new() { ServiceAddresses = IPNetwork.Parse("127.97.0.0/26") };

    [Test]
    public async Task An_object_lives_from_its_creation_to_its_deletion(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = Client(host);

        var created = await SendAsync(client, HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"a"},"data":{"x":"1"}}""", cancellationToken);
        var patched = await SendAsync(client, HttpMethod.Patch, ConfigMaps + "/a", """{"data":{"x":"2"}}""", cancellationToken);
        var unchanged = await SendAsync(client, HttpMethod.Patch, ConfigMaps + "/a", """{"data":{"x":"2"}}""", cancellationToken);
        var deleted = await SendAsync(client, HttpMethod.Delete, ConfigMaps + "/a", null, cancellationToken);
        var gone = await SendAsync(client, HttpMethod.Get, ConfigMaps + "/a", null, cancellationToken);

        created.Code.Should().Be(HttpStatusCode.Created);
        ((string?)patched.Body["data"]!["x"]).Should().Be("2");
        Version(patched.Body).Should().NotBe(Version(created.Body));
        Version(unchanged.Body).Should().Be(Version(patched.Body));
        ((string?)deleted.Body["status"]).Should().Be("Success");
        gone.Code.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_write_on_a_version_that_is_no_longer_there_is_a_conflict(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = Client(host);
        var created = await SendAsync(client, HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"a"}}""", cancellationToken);
        await SendAsync(client, HttpMethod.Patch, ConfigMaps + "/a", """{"data":{"x":"2"}}""", cancellationToken);

        var stale = await SendAsync(client, HttpMethod.Put, ConfigMaps + "/a", created.Body.ToJsonString(), cancellationToken);

        stale.Code.Should().Be(HttpStatusCode.Conflict);
        ((string?)stale.Body["reason"]).Should().Be("Conflict");
    }

    [Test]
    public async Task Nobody_comes_in_without_the_token(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = Client(host);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "guess");

        var refused = await SendAsync(client, HttpMethod.Get, ConfigMaps, null, cancellationToken);

        refused.Code.Should().Be(HttpStatusCode.Unauthorized);
        ((string?)refused.Body["reason"]).Should().Be("Unauthorized");
    }

    [Test]
    public async Task A_server_for_other_machines_is_refused(CancellationToken cancellationToken)
    {
        var everywhere = new ApiServerOptions { Address = IPAddress.Any };

        await FluentActions.Awaiting(() => ApiServerHost.StartAsync(everywhere, cancellationToken)).Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task A_watch_ends_with_the_server(CancellationToken cancellationToken)
    {
        var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = Client(host);
        using var response = await client.GetAsync(
            new Uri(ConfigMaps + "?watch=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));

        await host.DisposeAsync();

        var rest = async () => await lines.ReadToEndAsync(cancellationToken);
        await rest.Should().NotThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_watch_that_its_client_gives_up_leaves_nothing_behind(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = Client(host);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.RequestObserved += request => _ = request.Path.Contains("watch=true", StringComparison.Ordinal) && over.TrySetResult();
        await SendAsync(client, HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"a"}}""", cancellationToken);
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using (var response = await client.GetAsync(
            new Uri(ConfigMaps + "?watch=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, givenUp.Token))
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(givenUp.Token));
            (await lines.ReadLineAsync(givenUp.Token)).Should().Contain("ADDED");
            host.OpenWatches.Should().Be(1);
            await givenUp.CancelAsync();
        }

        await over.Task.WaitAsync(cancellationToken);

        host.OpenWatches.Should().Be(0);
    }

    [Test]
    public async Task A_watch_path_with_a_name_shows_that_object_only(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = Client(host);
        await SendAsync(client, HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"a"}}""", cancellationToken);
        await SendAsync(client, HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"b"}}""", cancellationToken);

        var lines = await client.GetStringAsync(new Uri("/api/v1/watch/namespaces/default/configmaps/b?timeoutSeconds=1", UriKind.Relative), cancellationToken);

        var line = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle().Subject;
        ((string?)JsonNode.Parse(line)!["object"]!["metadata"]!["name"]).Should().Be("b");
    }

    [Test]
    public async Task A_resourceVersion_that_is_no_number_is_an_error_of_the_server(CancellationToken cancellationToken)
    {
        const string Leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = Client(host);
        await SendAsync(client, HttpMethod.Post, Leases, """{"metadata":{"name":"a"}}""", cancellationToken);

        var refused = await SendAsync(client, HttpMethod.Put, Leases + "/a", """{"metadata":{"name":"a","resourceVersion":"abc"}}""", cancellationToken);

        refused.Code.Should().Be(HttpStatusCode.InternalServerError);
        ((string?)refused.Body["message"]).Should().Be("strconv.ParseUint: parsing \"abc\": invalid syntax");
    }

    [Test]
    public async Task A_Service_gets_a_free_address_of_the_range(CancellationToken cancellationToken)
    {
        var options = new ApiServerOptions { ServiceAddresses = IPNetwork.Parse("127.97.0.0/29") };
        await using var host = await ApiServerHost.StartAsync(options, cancellationToken);
        using var client = Client(host);
        var addresses = new List<string?>();

        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            var service = """{"metadata":{"name":"NAME"},"spec":{"ports":[{"port":80}]}}""".Replace("NAME", name, StringComparison.Ordinal);
            var created = await SendAsync(client, HttpMethod.Post, Services, service, cancellationToken);
            addresses.Add((string?)created.Body["spec"]!["clusterIP"]);
        }

        addresses.Should().BeEquivalentTo("127.97.0.2", "127.97.0.3", "127.97.0.4", "127.97.0.5", "127.97.0.6");
    }

    [Test]
    public async Task Services_made_at_once_have_addresses_and_node_ports_of_their_own(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(FewAddresses, cancellationToken);
        using var client = Client(host);

        var services = await TakeAllAsync(client, cancellationToken);

        services.Select(Address).Should().BeEquivalentTo(Enumerable.Range(2, 61).Select(last => $"127.97.0.{last}"));
        services.SelectMany(NodePorts).Order().Should().Equal(Enumerable.Range(30000, 2768));
    }

    [Test]
    public async Task The_address_and_the_node_port_of_a_deleted_Service_go_to_the_next(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(FewAddresses, cancellationToken);
        using var client = Client(host);
        var deleted = (await TakeAllAsync(client, cancellationToken))[^1];
        var toDelete = $"{Services}/{(string?)deleted["metadata"]!["name"]}";

        await SendAsync(client, HttpMethod.Delete, toDelete, null, cancellationToken);
        var next = await ExposeAsync(client, "next", 1, cancellationToken);

        (Address(next), NodePorts(next).Single()).Should().Be((Address(deleted), NodePorts(deleted).Single()));
    }

    [TestCase("127.96.200.200")]
    [TestCase("8.8.8.8")]
    [TestCase("None")]
    public async Task An_address_that_a_Service_has_may_not_change(string address, CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = Client(host);
        var service = """{"metadata":{"name":"a"},"spec":{"clusterIP":"127.96.0.9","ports":[{"port":80}]}}""";
        await SendAsync(client, HttpMethod.Post, Services, service, cancellationToken);

        var patch = $$$"""{"spec":{"clusterIP":"{{{address}}}","clusterIPs":["{{{address}}}"]}}""";
        var refused = await SendAsync(client, HttpMethod.Patch, Services + "/a", patch, cancellationToken);

        refused.Code.Should().Be(HttpStatusCode.UnprocessableEntity);
        ((string?)refused.Body["message"]).Should().Contain("may not change once set");
    }

    [Test]
    public async Task A_node_port_that_another_Service_has_is_refused_and_its_own_may_stay(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var client = Client(host);
        static string Asking(string name) => $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}}""";
        await SendAsync(client, HttpMethod.Post, Services, Asking("a"), cancellationToken);

        var refused = await SendAsync(client, HttpMethod.Post, Services, Asking("b"), cancellationToken);
        var kept = await SendAsync(client, HttpMethod.Patch, Services + "/a", """{"metadata":{"labels":{"x":"y"}}}""", cancellationToken);

        refused.Code.Should().Be(HttpStatusCode.UnprocessableEntity);
        ((string?)refused.Body["message"]).Should().EndWith("spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated");
        kept.Code.Should().Be(HttpStatusCode.OK);
    }

    /// <summary>Services that leave no address and no node port to another one; all but the first are made at once.</summary>
    private static async Task<IReadOnlyList<JsonObject>> TakeAllAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var most = await ExposeAsync(client, "most", 2768 - 60, cancellationToken);
        return [most, .. await Task.WhenAll(Enumerable.Range(0, 60).Select(number => ExposeAsync(client, $"s{number}", 1, cancellationToken)))];
    }

    private static async Task<JsonObject> ExposeAsync(HttpClient client, string name, int ports, CancellationToken cancellationToken)
    {
        var service = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["type"] = "NodePort",
                ["ports"] = new JsonArray([.. Enumerable.Range(1, ports).Select(port => new JsonObject { ["name"] = $"p{port}", ["port"] = port })]),
            },
        };
        var created = await SendAsync(client, HttpMethod.Post, Services, service.ToJsonString(), cancellationToken);
        created.Code.Should().Be(HttpStatusCode.Created, "the answer was {0}", created.Body["message"]);
        return created.Body;
    }

    private static string? Address(JsonObject service) => (string?)service["spec"]!["clusterIP"];

    private static IEnumerable<int> NodePorts(JsonObject service) => service["spec"]!["ports"]!.AsArray().Select(port => (int)port!["nodePort"]!);

    private static HttpClient Client(ApiServerHost host)
    {
        var configuration = host.ClientConfiguration("tests");
        var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, chain, errors) =>
                Kubernetes.CertificateValidationCallBack(new object(), configuration.SslCaCerts, certificate!, chain!, errors),
        };
        var client = new HttpClient(handler) { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", host.Token);
        return client;
    }

    private static async Task<(HttpStatusCode Code, JsonObject Body)> SendAsync(
        HttpClient client, HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            var type = method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json";
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        using var response = await client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return (response.StatusCode, (JsonObject)JsonNode.Parse(text)!);
    }

    private static string? Version(JsonObject value) => (string?)value["metadata"]!["resourceVersion"];
}
