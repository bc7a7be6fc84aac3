using System.Net;
using System.Text;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Observe;

internal sealed class DriftReaderTests
{
    private static readonly TimeSpan Soonest = DriftReader.Pace(TimeSpan.Zero);

    private readonly List<string> _asked = [];
    private readonly Dictionary<string, int> _failing = [];
    private readonly Dictionary<string, Action> _silent = [];
    private Func<Task>? _duringNext;
    private FakeTimeProvider _clock = null!;
    private HttpClient _client = null!;
    private DriftReader _reader = null!;

    [SetUp]
    public void Create()
    {
        _asked.Clear();
        _failing.Clear();
        _silent.Clear();
        _clock = new();
        _duringNext = null;
        _client = new(new Pods((address, stop) =>
        {
            lock (_asked)
            {
                _asked.Add(address);
                if (_failing.GetValueOrDefault(address) > 0)
                {
                    _failing[address]--;
                    throw new HttpRequestException("refused");
                }
            }

            if (_silent.TryGetValue(address, out var asked))
            {
                asked();
                return Task.Delay(Timeout.Infinite, stop);
            }

            return Interlocked.Exchange(ref _duringNext, null)?.Invoke() ?? Task.CompletedTask;
        }));
        _reader = new(new(_client, _clock, NullLogger<ServerWindowReader>.Instance), _clock);
    }

    [TearDown]
    public void Dispose() => _client.Dispose();

    [Test]
    public async Task A_reconcile_asks_nobody_and_takes_what_was_said_last_however_often_and_late_it_comes()
    {
        Read("24h", "a", "b").Should().BeSameAs(FleetWindow.Awaited);
        Read("24h", "a", "b").Should().BeSameAs(FleetWindow.Awaited);
        _asked.Should().BeEmpty();
        _reader.Due().Should().Equal(A.Model().Key());
        var first = await LookAsync();
        _clock.Advance(TimeSpan.FromHours(1));

        first.Should().NotBeNull().And.NotBeSameAs(FleetWindow.Awaited);
        Read("24h", "a", "b").Should().BeSameAs(first);
        _asked.Should().BeEquivalentTo("10.0.0.97", "10.0.0.98");
    }

    [Test]
    public async Task Pods_are_asked_again_once_it_is_time_and_then_at_the_pace_of_the_window()
    {
        Read("24h", "a", "b");
        var first = await LookAsync();
        _reader.Due().Should().BeEmpty();

        _clock.Advance(DriftReader.Pace(TimeSpan.FromHours(24)));
        _reader.Due().Should().Equal(A.Model().Key());
        var second = await LookAsync();

        second.Should().NotBeSameAs(first);
        Read("24h", "a", "b").Should().BeSameAs(second);
        _asked.Should().HaveCount(2 + 2);
        _reader.Due().Should().BeEmpty();
        _clock.Advance(DriftReader.Pace(TimeSpan.FromHours(24)));
        _reader.Due().Should().Equal(A.Model().Key());
    }

    [Test]
    public async Task Models_that_begin_together_are_not_looked_at_together()
    {
        const int Models = 100, Parts = 10;
        for (var number = 0; number < Models; number++)
        {
            var model = Watched("24h");
            model.Metadata.Name = $"model-{number}";
            _reader.Read(model, [Pod("a")]);
            await _reader.LookAsync(model.Key(), CancellationToken.None);
        }

        // The second looks, and those that follow.
        for (var part = 0; part < 3 * Parts; part++)
        {
            _clock.Advance(DriftReader.Pace(TimeSpan.FromHours(24)) / Parts);
            var due = _reader.Due();
            due.Should().HaveCountGreaterThanOrEqualTo(Models / Parts - 2).And.HaveCountLessThanOrEqualTo(Models / Parts + 2);
            foreach (var key in due)
            {
                await _reader.LookAsync(key, CancellationToken.None);
            }
        }
    }

    [Test]
    public async Task After_a_long_pause_there_is_one_look_and_not_all_that_were_missed()
    {
        Read("24h", "a");
        await LookAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await LookAsync();

        _reader.Due().Should().BeEmpty();
    }

    [Test]
    public async Task A_look_at_pods_that_were_replaced_meanwhile_counts_for_nothing()
    {
        Read("24h", "a");
        await LookAsync();
        _clock.Advance(DriftReader.Pace(TimeSpan.FromHours(24)));
        _duringNext = () =>
        {
            Read("24h", "b");
            return Task.CompletedTask;
        };
        (await LookAsync()).Should().BeNull();
        _asked.Should().HaveCount(2);

        Read("24h", "b").Should().BeSameAs(FleetWindow.Awaited);
        _clock.Advance(Soonest);
        (await LookAsync()).Should().NotBeNull();
        (await _reader.LookAsync(new("payments", "unknown"), CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public void A_window_is_looked_at_at_its_own_pace()
    {
        DriftReader.Pace(TimeSpan.FromMinutes(2)).Should().Be(TimeSpan.FromSeconds(10));
        DriftReader.Pace(TimeSpan.FromHours(1)).Should().Be(TimeSpan.FromMinutes(2.5));
        DriftReader.Pace(TimeSpan.FromHours(24)).Should().Be(TimeSpan.FromMinutes(5));
    }

    [Test]
    public async Task Pods_that_are_being_asked_are_not_asked_once_more()
    {
        Read("24h", "a");
        _duringNext = async () =>
        {
            _clock.Advance(TimeSpan.FromHours(1));
            _reader.Due().Should().BeEmpty();
            (await LookAsync()).Should().BeNull();
        };

        (await LookAsync()).Should().NotBeNull();
        _asked.Should().HaveCount(1);
    }

    [TestCase(1, 2)]
    [TestCase(2, 1)]
    public async Task A_pod_that_gives_no_answer_is_asked_once_more(int failures, int answered)
    {
        Read("24h", "a", "b");
        _failing["10.0.0.98"] = failures;

        var window = await LookAsync();

        (window!.Asked, window.Answered).Should().Be((2, answered));
        _asked.Should().BeEquivalentTo("10.0.0.97", "10.0.0.98", "10.0.0.98");
    }

    [Test]
    public async Task Pods_that_were_not_heard_when_the_time_of_a_look_is_over_are_silent()
    {
        // Eight are asked at a time, so that the ninth is asked once the first was heard.
        string[] pods = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        var ninth = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var pod in pods[1..])
        {
            _silent[Pod(pod).Status.PodIP] = pod == pods[^1] ? ninth.SetResult : () => { };
        }

        Read("24h", pods);
        var look = LookAsync();
        await ninth.Task;
        _clock.Advance(DriftReader.Longest);
        var window = await look.WaitAsync(TimeSpan.FromSeconds(60));

        (window!.Asked, window.Answered).Should().Be((9, 1));
        Read("24h", pods).Should().BeSameAs(window);
    }

    [Test]
    public async Task A_look_that_is_broken_off_is_made_up_for()
    {
        Read("24h", "a");
        using var stop = new CancellationTokenSource();
        _duringNext = stop.CancelAsync;
        var look = () => _reader.LookAsync(A.Model().Key(), stop.Token);
        await look.Should().ThrowAsync<OperationCanceledException>();

        _clock.Advance(DriftReader.Pace(TimeSpan.FromHours(24)));
        (await LookAsync()).Should().NotBeNull();
    }

    [Test]
    public async Task Other_pods_and_another_window_are_asked_soon_but_not_each_time_that_one_comes()
    {
        foreach (var (window, pods) in new (string, string[])[] { ("24h", ["a"]), ("24h", ["a", "b"]), ("1h", ["a", "b"]) })
        {
            Read(window, pods).Should().BeSameAs(FleetWindow.Awaited);
            if (_asked.Count > 0)
            {
                _reader.Due().Should().BeEmpty();
                _clock.Advance(Soonest);
            }

            _reader.Due().Should().Equal(A.Model().Key());
            await LookAsync();
            _reader.Due().Should().BeEmpty();
        }

        _asked.Should().HaveCount(1 + 2 + 2);
    }

    [Test]
    public async Task A_model_that_is_gone_is_forgotten()
    {
        Read("24h", "a");
        _reader.Forget(A.Model().Key());

        _reader.Due().Should().BeEmpty();
        (await LookAsync()).Should().BeNull();
    }

    [Test]
    public void Nobody_is_asked_without_a_ready_pod_or_where_drift_is_not_watched()
    {
        Read("24h").Should().BeNull();
        _reader.Read(A.Model(), [Pod("a")]).Should().BeNull();
        var off = A.Model();
        off.Spec = off.Spec with { Monitoring = new() { Drift = new() { Enabled = false } } };
        _reader.Read(off, [Pod("a")]).Should().BeNull();

        _reader.Due().Should().BeEmpty();
    }

    private FleetWindow? Read(string window, params string[] pods) => _reader.Read(Watched(window), [.. pods.Select(Pod)]);

    private Task<FleetWindow?> LookAsync() => _reader.LookAsync(A.Model().Key(), CancellationToken.None);

    private static ModelDeployment Watched(string window) => A.Model(monitoring: new() { Drift = new() { Window = window } });

    private static V1Pod Pod(string name) => new() { Metadata = new() { Name = name, Uid = name }, Status = new() { PodIP = $"10.0.0.{(int)name[0]}" } };

    private sealed class Pods(Func<string, CancellationToken, Task> asked) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await asked(request.RequestUri!.Host, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"versions":[]}""", Encoding.UTF8, "application/json") };
        }
    }
}
