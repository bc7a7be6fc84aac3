using System.Text.Json;

namespace Slipway.Runtime.Tests;

internal sealed class ApiClientGuardTests
{
    private FakeApiServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await FakeApiServer.StartAsync();

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("POST")]
    [TestCase("PUT")]
    [TestCase("PATCH")]
    [TestCase("DELETE")]
    public async Task A_refused_write_does_not_reach_the_server(string method)
    {
        await Client(allowed: 0).Awaiting(client => SendAsync(client, method)).Should().ThrowAsync<NotLeaderException>();

        _server.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task A_write_whose_time_ends_while_it_waits_for_a_connection_does_not_arrive()
    {
        await Client(allowed: 1).Awaiting(client => SendAsync(client, "POST")).Should().ThrowAsync<NotLeaderException>();

        _server.Writes.Should().BeEmpty();
        _server.Store.Get("configmaps", "ns", "c").Should().BeNull();
    }

    [Test]
    public async Task Reading_needs_no_right_to_write() =>
        (await Client(allowed: 0).FindAsync("api/v1/namespaces/ns/configmaps/c", CancellationToken.None)).Should().BeNull();

    private ApiClient Client(int allowed) => new(_server.Client, TimeSpan.FromSeconds(30), new CountingGuard(allowed), null, new(), TimeProvider.System);

    private static Task<JsonElement> SendAsync(ApiClient client, string method) => client.SendAsync(
        new(method), "api/v1/namespaces/ns/configmaps", A.Json(A.ConfigMap()), ApiClient.Json, CancellationToken.None);

    /// <summary>Says yes so many times, and then no.</summary>
    private sealed class CountingGuard(int allowed) : IWriteGuard
    {
        private int _asked;

        public void Check(string request)
        {
            if (++_asked > allowed)
            {
                throw new NotLeaderException(request);
            }
        }
    }
}
