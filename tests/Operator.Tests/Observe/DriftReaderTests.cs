using System.Net;
using System.Text;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Observe;

internal sealed class DriftReaderTests
{
    private readonly List<string> _asked = [];
    private FakeTimeProvider _clock = null!;
    private HttpClient _client = null!;
    private DriftReader _reader = null!;

    [SetUp]
    public void Create()
    {
        _asked.Clear();
        _clock = new();
        _client = new(new Pods(_asked));
        _reader = new(new(_client, NullLogger<ServerWindowReader>.Instance), _clock);
    }

    [TearDown]
    public void Dispose() => _client.Dispose();

    [Test]
    public async Task Pods_are_asked_at_the_pace_of_the_window_however_often_the_model_is_reconciled()
    {
        var first = await ReadAsync("24h", "a", "b");
        (await ReadAsync("24h", "a", "b")).Should().BeSameAs(first);
        _asked.Should().BeEquivalentTo("10.0.0.97", "10.0.0.98");

        _clock.Advance(DriftReader.Pace(TimeSpan.FromHours(24)));
        (await ReadAsync("24h", "a", "b")).Should().NotBeSameAs(first);
        _asked.Should().HaveCount(4);
    }

    [Test]
    public async Task Other_pods_and_another_window_are_asked_at_once()
    {
        await ReadAsync("24h", "a");
        await ReadAsync("24h", "a", "b");
        await ReadAsync("1h", "a", "b");

        _asked.Should().HaveCount(1 + 2 + 2);
    }

    [Test]
    public async Task A_model_that_is_gone_is_forgotten()
    {
        await ReadAsync("24h", "a");
        _reader.Forget(A.Model().Key());
        await ReadAsync("24h", "a");

        _asked.Should().HaveCount(2);
    }

    [Test]
    public async Task Nobody_is_asked_without_a_ready_pod_or_where_drift_is_not_watched()
    {
        (await ReadAsync("24h")).Should().BeNull();
        (await _reader.ReadAsync(A.Model(), [Pod("a")], CancellationToken.None)).Should().BeNull();
        var off = A.Model();
        off.Spec = off.Spec with { Monitoring = new() { Drift = new() { Enabled = false } } };
        (await _reader.ReadAsync(off, [Pod("a")], CancellationToken.None)).Should().BeNull();

        _asked.Should().BeEmpty();
    }

    private Task<FleetWindow?> ReadAsync(string window, params string[] pods)
    {
        var model = A.Model();
        model.Spec = model.Spec with { Monitoring = new() { Drift = new() { Window = window } } };
        return _reader.ReadAsync(model, [.. pods.Select(Pod)], CancellationToken.None);
    }

    private static V1Pod Pod(string name) => new() { Metadata = new() { Name = name, Uid = name }, Status = new() { PodIP = $"10.0.0.{(int)name[0]}" } };

    private sealed class Pods(List<string> asked) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (asked)
            {
                asked.Add(request.RequestUri!.Host);
            }

            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"versions":[]}""", Encoding.UTF8, "application/json") });
        }
    }
}
