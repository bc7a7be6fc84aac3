using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Observe;

internal sealed class DriftWatchTests
{
    private static readonly TimeSpan Pace = DriftReader.Pace(TimeSpan.FromHours(24));

    private readonly Dictionary<string, long[]> _counts = [];
    private readonly List<ModelDeployment> _models = [];
    private readonly List<string> _enqueued = [];
    private FakeTimeProvider _clock = null!;
    private HttpClient _client = null!;
    private DriftReader _reader = null!;
    private DriftWatch _watch = null!;
    private string _silent = "";

    [SetUp]
    public void Create()
    {
        _counts.Clear();
        _models.Clear();
        _enqueued.Clear();
        _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _silent = "";
        _client = new(new Pods(_counts, () => _silent));
        _reader = new(new(_client, _clock, NullLogger<ServerWindowReader>.Instance), _clock);
        _watch = new(_reader, new Store<ModelDeployment>(_models), _clock, NullLogger<DriftWatch>.Instance);
    }

    [TearDown]
    public void Dispose()
    {
        _watch.Dispose();
        _client.Dispose();
    }

    [Test]
    public async Task A_look_that_says_what_status_says_ends_there_and_news_is_worth_a_reconcile()
    {
        await KnowAsync("steady", "10.0.0.1");
        await KnowAsync("shifted", "10.0.0.2");
        await LookAsync();
        _enqueued.Should().BeEmpty();

        _counts["10.0.0.2"] = [900, 100];
        await LookAsync();
        _enqueued.Should().Equal("shifted");
        Read(_models[1], "10.0.0.2")!.Features.Single().Score.Should().BeGreaterThan(0.2, "the reconcile is told the same");
    }

    [Test]
    public async Task What_pods_say_that_were_never_asked_before_is_news()
    {
        var model = A.Model(monitoring: new());
        _models.Add(model);
        _counts["10.0.0.1"] = [500, 500];
        Read(model, "10.0.0.1").Should().BeSameAs(FleetWindow.Awaited);
        await LookAsync();

        _enqueued.Should().Equal(model.Metadata.Name);
    }

    [Test]
    public async Task A_pod_that_no_longer_answers_is_news()
    {
        await KnowAsync("steady", "10.0.0.1");
        _counts.Remove("10.0.0.1");
        await LookAsync();

        _enqueued.Should().Equal("steady");
    }

    [Test]
    public async Task Counts_that_nobody_could_add_up_are_none()
    {
        await KnowAsync("overflowing", "10.0.0.1");
        await KnowAsync("shifted", "10.0.0.2");
        _counts["10.0.0.1"] = [long.MaxValue, long.MaxValue];
        _counts["10.0.0.2"] = [900, 100];
        await LookAsync();

        _enqueued.Should().BeEquivalentTo("overflowing", "shifted");
        Read(_models[0], "10.0.0.1")!.Answered.Should().Be(0);
    }

    [Test]
    public async Task A_pod_that_is_silent_holds_up_no_other_model()
    {
        await KnowAsync("silent", "10.0.0.1");
        await KnowAsync("shifted", "10.0.0.2");
        _silent = "10.0.0.1";
        _counts["10.0.0.2"] = [900, 100];
        var told = new TaskCompletionSource<ObjectKey>();
        using (_watch.Attach(told.SetResult))
        {
            while (!told.Task.IsCompleted)
            {
                _clock.Advance(DriftWatch.Tick);
                await Task.Yield();
            }
        }

        (await told.Task).Name.Should().Be("shifted");
    }

    [Test]
    public async Task Nothing_is_said_of_a_model_that_is_gone()
    {
        await KnowAsync("steady", "10.0.0.1");
        _counts["10.0.0.1"] = [900, 100];
        _models.Clear();
        await LookAsync();

        _enqueued.Should().BeEmpty();
    }

    [Test]
    public async Task Looks_go_on_by_themselves_while_somebody_listens()
    {
        await KnowAsync("shifted", "10.0.0.1");
        _counts["10.0.0.1"] = [900, 100];
        var told = new TaskCompletionSource<ObjectKey>();
        using (_watch.Attach(told.SetResult))
        {
            _clock.Advance(Pace);
            (await told.Task).Name.Should().Be("shifted");
        }
    }

    /// <summary>Status says what the pods say now.</summary>
    private async Task KnowAsync(string name, string address)
    {
        var model = A.Model(monitoring: new());
        model.Metadata.Name = name;
        _models.Add(model);
        _counts[address] = [500, 500];
        Read(model, address).Should().BeSameAs(FleetWindow.Awaited);
        var window = await _reader.LookAsync(model.Key(), CancellationToken.None);
        model.Status = Decision.Make(A.Situation(A.Reported(model, $"sha256:{new string('a', 64)}") with { Drift = window }), _clock.GetUtcNow()).Status;
    }

    private FleetWindow? Read(ModelDeployment model, string address) =>
        _reader.Read(model, [new() { Metadata = new() { Name = model.Metadata.Name, Uid = model.Metadata.Name }, Status = new() { PodIP = address } }]);

    private async Task LookAsync()
    {
        _clock.Advance(Pace);
        var looks = await _watch.BeginAsync(
            key =>
            {
                lock (_enqueued)
                {
                    _enqueued.Add(key.Name);
                }
            },
            CancellationToken.None);
        await Task.WhenAll(looks);
    }

    private sealed class Pods(Dictionary<string, long[]> counts, Func<string> silent) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Host == silent())
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            if (!counts.TryGetValue(request.RequestUri.Host, out var found))
            {
                throw new HttpRequestException("refused");
            }

            var window = new ServerWindow { Versions = [new() { Version = "7", Features = [new() { Name = "amount", Bins = ["low", "high"], Expected = [0.5, 0.5], Counts = found }] }] };
            return new(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(window, JsonSerializerOptions.Web)) };
        }
    }
}
