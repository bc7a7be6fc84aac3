using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Telemetry;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Repository;

/// <summary>What people ask for by hand, beside a server that follows the newest version.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ModelControlTests : IAsyncDisposable
{
    private readonly ModelFolder _folder = new ModelFolder().WithModel(TestModels.Plus(1)).WithModel(TestModels.Plus(2), "2");
    private readonly VersionTable _versions = new();
    private readonly ServerMetrics _metrics = new("m", new LiveState(new()));
    private readonly ServerLifecycle _lifecycle;
    private readonly ModelRepository _repository;
    private readonly LatestVersions _latest;
    private readonly ModelControl _control;

    public ModelControlTests()
    {
        var settings = TestServer.Settings(_folder) with { Version = ServerSettings.Latest };
        _lifecycle = new ServerLifecycle("m", "", _versions);
        _repository = new ModelRepository(settings, new LiveState(settings.Live), _lifecycle, _versions, _metrics, TimeProvider.System, NullLogger.Instance);
        _latest = new LatestVersions(settings, _repository, _versions, _lifecycle, TimeProvider.System, NullLogger.Instance);
        _control = new ModelControl(settings, _repository, _versions, _latest);
    }

    private IEnumerable<string> Loaded => _versions.Entries.Where(entry => entry.Loaded is not null).Select(entry => entry.Version);

    [Test]
    public async Task What_was_asked_for_outlives_the_next_look_until_it_is_taken_back(CancellationToken cancellationToken)
    {
        await _latest.StartAsync(cancellationToken);
        await _control.UnloadAsync("2");
        await _control.LoadAsync("1", cancellationToken);

        await _latest.LookAsync(cancellationToken);
        var afterLook = Loaded.ToList();
        await _control.LoadAsync("", cancellationToken);

        afterLook.Should().Equal("1");
        Loaded.Should().Equal("2");
    }

    [Test]
    public async Task A_version_that_was_loaded_stays_beside_the_newest(CancellationToken cancellationToken)
    {
        await _latest.StartAsync(cancellationToken);
        await _control.LoadAsync("1", cancellationToken);

        await _latest.LookAsync(cancellationToken);

        Loaded.Should().Equal("2", "1");
    }

    [Test]
    public async Task When_all_were_unloaded_none_comes_back_by_itself(CancellationToken cancellationToken)
    {
        await _latest.StartAsync(cancellationToken);
        await _control.UnloadAsync("");

        await _latest.LookAsync(cancellationToken);

        Loaded.Should().BeEmpty();
    }

    [Test]
    public async Task A_version_is_not_loaded_again_before_it_is_out_of_memory(CancellationToken cancellationToken)
    {
        await _latest.StartAsync(cancellationToken);
        var inside = _versions.TryEnter("2", out _)!;
        var unloading = _control.UnloadAsync("2");
        var loading = _control.LoadAsync("2", cancellationToken);
        var (unloaded, loaded) = (unloading.IsCompleted, loading.IsCompleted);

        inside.Leave();
        await Task.WhenAll(unloading, loading);

        (unloaded, loaded).Should().Be((false, false));
        Loaded.Should().Equal("2");
        _versions.Newest.Should().NotBeSameAs(inside);
    }

    public async ValueTask DisposeAsync()
    {
        await _control.UnloadAsync("");
        _latest.Dispose();
        _repository.Dispose();
        _lifecycle.Dispose();
        _metrics.Dispose();
        _folder.Dispose();
    }
}
