using System.Diagnostics.Metrics;
using System.Text;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class EventRecorderTests
{
    private FakeTimeProvider _clock = null!;
    private FakeApiServer _server = null!;
    private TestRuntime _runtime = null!;
    private Widget _about = null!;

    private IEventRecorder Recorder => _runtime.Get<IEventRecorder>();

    [SetUp]
    public async Task Start()
    {
        _clock = new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        _server = await FakeApiServer.StartAsync();
        _runtime = await TestRuntime.StartAsync(_server, kubernetes => { }, _clock, options =>
        {
            options.EventSource = "tester-operator";
            options.EventQueueSize = 3;
        });
        _about = A.Widget();
        _about.Metadata.Uid = "u1";
    }

    [TearDown]
    public async Task Stop()
    {
        await _runtime.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task An_event_says_what_happened_to_which_object_and_who_saw_it()
    {
        Recorder.Warning(_about, "Broken", "It fell.");

        await Eventually.IsTrueAsync(() => Events().Count == 1);
        var stored = Events()[0];
        ((string)stored["type"]!, (string)stored["reason"]!, (string)stored["message"]!, (int)stored["count"]!).Should().Be(("Warning", "Broken", "It fell.", 1));
        ((string)stored["involvedObject"]!["kind"]!, (string)stored["involvedObject"]!["name"]!, (string)stored["involvedObject"]!["uid"]!).Should().Be(("Widget", "w", "u1"));
        ((string)stored["source"]!["component"]!, (string)stored["lastTimestamp"]!, (string)stored["metadata"]!["namespace"]!).Should().Be(("tester-operator", "2026-01-02T03:04:05Z", "ns"));
    }

    [Test]
    public async Task Equal_events_are_counted_up_in_one_and_others_are_not()
    {
        Recorder.Normal(_about, "Up", "It runs.");
        await Eventually.IsTrueAsync(() => Events().Count == 1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Recorder.Normal(_about, "Up", "It runs.");
        await Eventually.IsTrueAsync(() => (int)Events()[0]["count"]! == 2);
        Recorder.Normal(_about, "Up", "It runs well.");

        await Eventually.IsTrueAsync(() => Events().Count == 2);
        var first = Events().Single(stored => (int)stored["count"]! == 2);
        ((string)first["firstTimestamp"]!, (string)first["lastTimestamp"]!).Should().Be(("2026-01-02T03:04:05Z", "2026-01-02T03:04:15Z"));
    }

    [Test]
    public async Task An_event_that_the_server_no_longer_keeps_is_made_again()
    {
        Recorder.Normal(_about, "Up", "It runs.");
        await Eventually.IsTrueAsync(() => Events().Count == 1);
        _server.Store.Delete("events", "ns", (string)Events()[0]["metadata"]!["name"]!);

        Recorder.Normal(_about, "Up", "It runs.");

        await Eventually.IsTrueAsync(() => Events().Count == 1);
    }

    [Test]
    public async Task An_event_that_changed_meanwhile_is_made_again()
    {
        Recorder.Normal(_about, "Up", "It runs.");
        await Eventually.IsTrueAsync(() => Events().Count == 1);
        _server.Store.Update("events", "ns", (string)Events()[0]["metadata"]!["name"]!, told => told["count"] = 7);

        Recorder.Normal(_about, "Up", "It runs.");

        await Eventually.IsTrueAsync(() => Events().Count == 2);
        Events().Select(told => (int)told["count"]!).Should().BeEquivalentTo([7, 1]);
    }

    [Test]
    public async Task An_event_whose_answer_was_lost_is_made_once()
    {
        _server.LoseNextAnswer(request => request.Method == "POST");

        Recorder.Normal(_about, "Up", "It runs.");
        await Eventually.IsTrueAsync(() => _server.Writes.Count() == 2, () => _clock.Advance(TimeSpan.FromSeconds(1)));
        Recorder.Normal(_about, "Next", "It walks.");

        await Eventually.IsTrueAsync(() => Events().Count == 2);
        Events().Select(told => (string)told["reason"]!).Should().BeEquivalentTo("Up", "Next");
        _runtime.Logs.Count(160).Should().Be(0);
    }

    [Test]
    public async Task An_event_that_was_counted_up_though_the_answer_was_lost_is_counted_once()
    {
        Recorder.Normal(_about, "Up", "It runs.");
        await Eventually.IsTrueAsync(() => Events().Count == 1);
        _server.LoseNextAnswer(request => request.Method == "PATCH");

        Recorder.Normal(_about, "Up", "It runs.");
        await Eventually.IsTrueAsync(() => _server.Writes.Count() == 3, () => _clock.Advance(TimeSpan.FromSeconds(1)));
        Recorder.Normal(_about, "Next", "It walks.");

        await Eventually.IsTrueAsync(() => Events().Count == 2);
        Events().Select(told => ((string)told["reason"]!, (int)told["count"]!)).Should().BeEquivalentTo([("Up", 2), ("Next", 1)]);
    }

    [Test]
    public async Task An_event_about_a_cluster_scoped_object_goes_to_the_default_namespace()
    {
        Recorder.Normal(new V1Node { ApiVersion = "v1", Kind = "Node", Metadata = new() { Name = "n" } }, "Up", "It runs.");

        await Eventually.IsTrueAsync(() => Events().Count == 1);
        ((string)Events()[0]["metadata"]!["namespace"]!).Should().Be("default");
    }

    [Test]
    public async Task A_long_message_is_cut_at_1024_bytes_between_characters()
    {
        Recorder.Normal(_about, "Up", string.Concat(Enumerable.Repeat("größe🚢", 300)));

        await Eventually.IsTrueAsync(() => Events().Count == 1);
        var message = (string)Events()[0]["message"]!;
        Encoding.UTF8.GetByteCount(message).Should().BeInRange(1018, 1024);
        message.Should().EndWith("...").And.NotContain("\uFFFD");
    }

    [Test]
    public async Task A_full_queue_drops_events_and_counts_them()
    {
        using var metrics = new MetricReader(_runtime.Get<IMeterFactory>());
        metrics.Read()["controller_runtime_events_dropped_total"].Should().Be(0);
        _server.FailWith(_ => new FakeStatus(503, "ServiceUnavailable", "soon"));
        _runtime.Get<IEventRecorder>().Normal(_about, "First", "It waits to be tried again.");
        await Eventually.IsTrueAsync(() => _server.Requests.Count == 1);

        for (var index = 0; index < 5; index++)
        {
            Recorder.Normal(_about, "Next", $"{index}");
        }

        metrics.Read()["controller_runtime_events_dropped_total"].Should().Be(2);
        _server.Heal();
        await Eventually.IsTrueAsync(() => Events().Count == 4, () => _clock.Advance(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task An_event_outlasts_a_minute_without_an_api_server()
    {
        var from = _clock.GetUtcNow();
        _server.FailWith(_ => new FakeStatus(503, "ServiceUnavailable", "soon"));
        Recorder.Normal(_about, "Up", "It runs.");

        await Eventually.IsTrueAsync(() => _clock.GetUtcNow() - from >= TimeSpan.FromMinutes(1), () =>
        {
            if (_server.Requests.Count > 0)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
            }
        });
        _server.Heal();

        await Eventually.IsTrueAsync(() => Events().Count == 1, () => _clock.Advance(TimeSpan.FromSeconds(1)));
        _runtime.Logs.Count(160).Should().Be(0);
    }

    [Test]
    public async Task A_refused_event_is_logged_and_the_next_is_sent()
    {
        _server.FailNext(request => request.Method == "POST", new(403, "Forbidden", "the namespace is ending"));

        Recorder.Normal(_about, "Up", "lost");
        Recorder.Normal(_about, "Up", "kept");

        await Eventually.IsTrueAsync(() => Events().Count == 1);
        _runtime.Logs.Lines.Should().ContainSingle(line => line.EventId == 160).Which.Message.Should().Contain("the namespace is ending");
    }

    [Test]
    public async Task A_stop_sends_what_still_waits()
    {
        Recorder.Normal(_about, "Down", "a");
        Recorder.Normal(_about, "Down", "b");

        await _runtime.StopAsync();

        Events().Should().HaveCount(2);
    }

    private List<System.Text.Json.Nodes.JsonObject> Events() => _server.Store.List("events", "", "");
}
