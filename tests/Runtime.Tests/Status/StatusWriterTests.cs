using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

internal sealed class StatusWriterTests
{
    private FakeApiServer _server = null!;
    private TestRuntime _runtime = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await FakeApiServer.StartAsync();
        _server.Store.Create("widgets", A.Json(A.Widget()));
        _runtime = await TestRuntime.StartAsync(_server, kubernetes => kubernetes.AddController<DelegateController, Widget>());
    }

    [TearDown]
    public async Task Stop()
    {
        await _runtime.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_status_is_merged_into_the_subresource_with_the_version_that_was_read()
    {
        var cached = Cached();

        await WriteAsync(cached, new() { Phase = "Up" });

        var patch = _server.Writes.Should().ContainSingle().Subject;
        (patch.Subresource, patch.ContentType).Should().Be(("status", "application/merge-patch+json"));
        patch.Body!["metadata"]!["resourceVersion"]!.GetValue<string>().Should().Be(cached.Metadata.ResourceVersion);
        Stored()!["phase"]!.GetValue<string>().Should().Be("Up");
    }

    [Test]
    public async Task An_equal_status_is_not_written()
    {
        await WriteAsync(Cached(), new() { Phase = "Up", Notes = ["a"] });
        await _runtime.CaughtUpAsync<Widget>("widgets", new("ns", "w"));

        await WriteAsync(Cached(), new() { Phase = "Up", Notes = ["a"] });

        _server.Writes.Should().ContainSingle();
    }

    [Test]
    public async Task An_equal_status_is_not_written_again_though_the_cache_lags()
    {
        _server.HoldWatches();
        var stale = Cached();
        await WriteAsync(stale, new() { Phase = "Up" });

        await WriteAsync(stale, new() { Phase = "Up" });
        await WriteAsync(stale, new() { Phase = "Down" });

        _server.Writes.Should().HaveCount(2);
        Stored()!["phase"]!.GetValue<string>().Should().Be("Down");
    }

    [Test]
    public async Task A_field_that_is_left_out_is_removed()
    {
        await WriteAsync(Cached(), new() { Phase = "Up", Url = "http://here" });
        await _runtime.CaughtUpAsync<Widget>("widgets", new("ns", "w"));

        await WriteAsync(Cached(), new() { Phase = "Up" });

        Stored()!.AsObject().Select(field => field.Key).Should().Equal("phase");
        _server.Writes.Last().Body!["status"]!.ToJsonString().Should().Be("""{"url":null}""");
    }

    [Test]
    public async Task An_entity_that_changed_meanwhile_is_a_conflict_to_retry()
    {
        var stale = Cached();
        _server.Store.Update("widgets", "ns", "w", widget => widget["spec"]!["size"] = 9);

        await FluentActions.Awaiting(() => WriteAsync(stale, new() { Phase = "Up" })).Should().ThrowAsync<ConflictException>().WithMessage("*Widget ns/w*");
    }

    [Test]
    public async Task An_entity_that_is_gone_needs_no_status()
    {
        var stale = Cached();
        _server.Store.Delete("widgets", "ns", "w");

        await FluentActions.Awaiting(() => WriteAsync(stale, new() { Phase = "Up" })).Should().NotThrowAsync();
    }

    private Widget Cached() => _runtime.Get<IObjectStore<Widget>>().Get(new("ns", "w"))!;

    private Task WriteAsync(Widget cached, WidgetStatus status) => _runtime.Get<IStatusWriter>().WriteAsync(cached, status, default).WithinLimit();

    private JsonNode? Stored() => _server.Store.Get("widgets", "ns", "w")!["status"];
}
