using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Runtime.Tests;

internal sealed class ApiClientMetricsTests
{
    private FakeApiServer _server = null!;
    private ServiceProvider _services = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await FakeApiServer.StartAsync();
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Test]
    public async Task Requests_are_counted_by_code_method_and_host_and_not_by_path()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        using var kubernetes = _server.Client;
        var runtime = new RuntimeMetrics(factory);
        using var metrics = new MetricReader(factory);
        var client = new ApiClient(kubernetes, TimeSpan.FromSeconds(30), new SoleLeader(), null, runtime.Requests, TimeProvider.System);
        var host = $"{kubernetes.BaseUri.Host}:{kubernetes.BaseUri.Port}";

        foreach (var name in new[] { "b", "c" })
        {
            await client.FindAsync($"api/v1/namespaces/ns/configmaps/{name}", CancellationToken.None);
        }

        await client.SendAsync(HttpMethod.Post, "api/v1/namespaces/ns/configmaps", A.Json(A.ConfigMap()), ApiClient.Json, CancellationToken.None);
        await _server.DisposeAsync();
        await client.Awaiting(gone => gone.FindAsync("api/v1/namespaces/ns/configmaps/c", CancellationToken.None)).Should().ThrowAsync<HttpRequestException>();

        metrics.Read().Where(series => series.Key.StartsWith("rest_client_requests_total", StringComparison.Ordinal)).Should().BeEquivalentTo(new Dictionary<string, double>
        {
            [$"rest_client_requests_total{{code=404,method=GET,host={host}}}"] = 2,
            [$"rest_client_requests_total{{code=200,method=POST,host={host}}}"] = 1,
            [$"rest_client_requests_total{{code=<error>,method=GET,host={host}}}"] = 1,
        });
    }
}
