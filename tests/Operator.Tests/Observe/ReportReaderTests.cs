using System.Net;
using System.Text;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Observe;

internal sealed class ReportReaderTests
{
    private readonly List<string> _asked = [];
    private readonly Dictionary<string, Func<CancellationToken, Task>> _servers = [];
    private FakeTimeProvider _clock = null!;
    private HttpClient _client = null!;
    private ReportReader _reader = null!;

    [SetUp]
    public void Create()
    {
        _asked.Clear();
        _servers.Clear();
        _clock = new();
        _client = new(new Pods((address, stop) =>
        {
            lock (_asked)
            {
                _asked.Add(address);
            }

            return _servers.TryGetValue(address, out var server) ? server(stop) : Task.CompletedTask;
        }));
        _reader = new(new(_client, NullLogger<ServerStatusReader>.Instance), new(_clock), longWaits: 1, _clock);
    }

    [TearDown]
    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    [Test]
    public async Task A_silent_pod_is_asked_once_in_half_a_minute_however_often_its_model_comes()
    {
        _servers["a"] = TimesOutAsync;

        (await ReadAsync("a")).Should().BeEmpty();
        for (var second = 1; second < SilentPods.Pause.TotalSeconds; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            (await ReadAsync("a")).Should().BeEmpty();
        }

        _asked.Should().Equal("a");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await ReadAsync("a")).Should().BeEmpty();
        _asked.Should().Equal("a", "a");
    }

    [Test]
    public async Task A_pod_that_answers_again_is_heard_again()
    {
        _servers["a"] = TimesOutAsync;
        await ReadAsync("a");
        _servers.Remove("a");
        _clock.Advance(SilentPods.Pause);

        (await ReadAsync("a")).Should().Equal("a");
        (await ReadAsync("a")).Should().Equal("a");
        _asked.Should().HaveCount(3);
    }

    [Test]
    public async Task Pods_beside_a_silent_one_are_asked_each_time()
    {
        _servers["a"] = TimesOutAsync;

        (await ReadAsync("a", "b")).Should().Equal("b");
        (await ReadAsync("a", "b")).Should().Equal("b");
        _asked.Should().BeEquivalentTo("a", "b", "b");
    }

    [Test]
    public async Task A_pod_that_does_not_listen_yet_is_asked_each_time()
    {
        _servers["a"] = _ => throw new HttpRequestException("refused");

        (await HearAsync("a")).Should().BeEmpty();
        (await HearAsync("a")).Should().BeEmpty();
        _asked.Should().Equal("a", "a");
    }

    [Test]
    public async Task Only_so_many_wait_for_long_and_the_others_go_on_with_what_they_heard()
    {
        var slow = new TaskCompletionSource();
        _servers["a"] = _servers["b"] = slow.Task.WaitAsync;
        Task<IReadOnlyList<string>>[] reading = [HearAsync("a", "c"), HearAsync("b", "d")];

        _clock.Advance(ReportReader.Patience);
        var first = await Task.WhenAny(reading).WaitAsync(TimeSpan.FromSeconds(60));
        var last = reading.Single(other => other != first);
        (await first).Should().Equal(first == reading[0] ? "c" : "d");
        last.IsCompleted.Should().BeFalse();
        slow.SetResult();
        (await last).Should().Equal(last == reading[0] ? ["a", "c"] : ["b", "d"]);

        // Whoever was not waited for is silent, and whoever was waited for is not.
        (await HearAsync("a", "b")).Should().Equal(last == reading[0] ? "a" : "b");
    }

    [Test]
    public async Task A_stop_ends_the_wait_and_makes_nobody_silent()
    {
        _servers["a"] = stop => Task.Delay(Timeout.Infinite, stop);
        using var stop = new CancellationTokenSource();
        var reading = _reader.ReadAsync([Pod("a")], stop.Token);
        await stop.CancelAsync();
        await FluentActions.Awaiting(() => reading).Should().ThrowAsync<OperationCanceledException>();
        _servers.Remove("a");

        (await ReadAsync("a")).Should().Equal("a");
    }

    [Test]
    public void A_pod_is_forgotten_before_its_time_when_there_are_too_many()
    {
        var silent = new SilentPods(_clock);
        for (var number = 0; number <= SilentPods.Most; number++)
        {
            silent.Add($"{number}");
        }

        silent.Contains("0").Should().BeFalse();
        silent.Contains("1").Should().BeTrue();
        silent.Contains($"{SilentPods.Most}").Should().BeTrue();
    }

    /// <summary>While it waits, so much time passes as a client gives a server.</summary>
    private async Task<IReadOnlyList<string>> ReadAsync(params string[] pods)
    {
        var reading = HearAsync(pods);
        if (!reading.IsCompleted)
        {
            _clock.Advance(ServerStatusReader.Timeout);
        }

        return await reading;
    }

    private async Task<IReadOnlyList<string>> HearAsync(params string[] pods) =>
        [.. (await _reader.ReadAsync([.. pods.Select(Pod)], CancellationToken.None)).Keys.Order()];

    private async Task TimesOutAsync(CancellationToken stop)
    {
        await Task.Delay(ServerStatusReader.Timeout, _clock, stop);
        throw new TaskCanceledException("The client's time is over.", new TimeoutException());
    }

    private static V1Pod Pod(string name) => new() { Metadata = new() { Name = name, Uid = $"uid-{name}" }, Status = new() { PodIP = name } };

    private sealed class Pods(Func<string, CancellationToken, Task> asked) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await asked(request.RequestUri!.Host, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"version":"7","state":"Loading"}""", Encoding.UTF8, "application/json") };
        }
    }
}
