using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Feedback;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Telemetry;
using Slipway.ModelServer.Transport;
using Slipway.ModelServer.Transport.Grpc;
using Slipway.ModelServer.Transport.Management;
using Slipway.ModelServer.Transport.Rest;
using Slipway.Telemetry;

namespace Slipway.ModelServer;

/// <summary>
/// One running server: listeners, the model's load, the drain. The listeners are up before the model is, so that probes and
/// <c>/status</c> can tell what it is waiting for.
/// </summary>
internal sealed class ModelServerHost : IAsyncDisposable
{
    private static readonly TimeSpan EndOfRuns = TimeSpan.FromSeconds(5);

    private readonly ServerSettings _settings;
    private readonly WebApplication _app;
    private readonly VersionTable _versions = new();
    private readonly ServerLifecycle _lifecycle;
    private readonly LiveState _live;
    private readonly LiveFile _liveFile;
    private readonly ServerMetrics _metrics;
    private readonly FeedbackBook _feedback;
    private readonly FeedbackMetrics _feedbackMetrics;
    private readonly InFlight _inFlight;
    private readonly BodyBudget _bodies;
    private readonly Listeners _listeners;
    private readonly ConnectionAge _connectionAge;
    private readonly ServingDataPlane _plane;
    private readonly TimeProvider _clock;
    private readonly ILogger<ModelServerHost> _logger;
    private volatile ModelRepository? _repository;
    private LatestVersions? _latest;
    private volatile ModelControl? _control;

    private ModelServerHost(ServerSettings settings, Action<ILoggingBuilder> configureLogging, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _lifecycle = new ServerLifecycle(settings.Model, settings.Version, _versions);
        _connectionAge = new ConnectionAge(settings.MaxConnectionAge, clock, _lifecycle.Draining);
        _listeners = new Listeners(settings, _connectionAge);
        _inFlight = new InFlight();
        _bodies = new BodyBudget(settings.MaxBodyBytesInFlight);
        _live = new LiveState(settings.Live);
        _metrics = new ServerMetrics(settings.Model, _live, clock);
        _feedback = new FeedbackBook(settings.Model, clock);
        _feedbackMetrics = new FeedbackMetrics(settings.Model, _feedback);
        _app = Build(settings, _listeners, () => _plane!, configureLogging);
        var loggers = _app.Services.GetRequiredService<ILoggerFactory>();
        _plane = new ServingDataPlane(
            settings.Model, _versions, _lifecycle, _inFlight, _metrics.Keep(settings.FollowsLatest ? "" : settings.Version), settings.RequestTimeout, clock)
        {
            Limits = settings.Limits,
            Log = new RequestLog(_live, loggers.CreateLogger(RequestLog.Category)),
        };
        _logger = loggers.CreateLogger<ModelServerHost>();
        _liveFile = new LiveFile(
            Path.Combine(settings.LiveDirectory, ServerContract.LiveFile), settings.Live, settings.RequestTimeout, _live, clock, loggers.CreateLogger<LiveFile>());
        if (!settings.FollowsLatest)
        {
            _versions.Set(settings.Version, VersionState.Loading, "");
        }

        Route(loggers);
    }

    public int HttpPort => _listeners.HttpPort;

    public int GrpcPort => _listeners.GrpcPort;

    public int ManagementPort => _listeners.ManagementPort;

    public ServerLifecycle Lifecycle => _lifecycle;

    public VersionTable Versions => _versions;

    public BodyBudget Bodies => _bodies;

    /// <summary>Starts listening; the model is not loaded yet.</summary>
    /// <exception cref="IOException">A port is taken or the address is not this machine's.</exception>
    public static async Task<ModelServerHost> StartAsync(
        ServerSettings settings, Action<ILoggingBuilder> configureLogging, TimeProvider clock, CancellationToken cancellationToken)
    {
        var host = new ModelServerHost(settings, configureLogging, clock);
        try
        {
            host._liveFile.Start();
            await host._app.StartAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        Log.Listening(host._logger, settings.BindAddress.ToString(), host.HttpPort, host.ManagementPort, host.GrpcPort);
        return host;
    }

    /// <summary>Loads the model; when it returns, the server is ready.</summary>
    /// <exception cref="Inference.ModelRejectedException">This version can never load, or there is no such repository; the state is Failed.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _repository = new ModelRepository(_settings, _live, _lifecycle, _versions, _metrics, _clock, _logger);
            _latest = _settings.FollowsLatest ? new LatestVersions(_settings, _repository, _versions, _lifecycle, _clock, _logger) : null;
            _control = new ModelControl(_settings, _repository, _versions, _latest);
            await (_latest?.StartAsync(cancellationToken) ?? _repository.LoadAsync(_settings.Version, cancellationToken));
        }
        catch (Inference.ModelRejectedException exception)
        {
            _lifecycle.Fail(exception.Message);
            Log.NeverLoads(_logger, exception.Message);
            throw;
        }
    }

    /// <summary>Serves, and newer versions as they appear if the newest is what was asked for, until it is cancelled.</summary>
    public Task FollowAsync(CancellationToken cancellationToken) =>
        _latest?.FollowAsync(cancellationToken) ?? Task.Delay(Timeout.Infinite, cancellationToken);

    /// <summary>
    /// Fails readiness, finishes what was accepted and stops listening, all within a request's timeout; what takes longer is cut off.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _lifecycle.BeginDrain();
        Log.Draining(_logger, _inFlight.Count);
        using var limit = new CancellationTokenSource(_settings.RequestTimeout, _clock);
        await using var tell = limit.Token.UnsafeRegister(_ => Log.DrainTooLong(_logger, _inFlight.Count, _settings.RequestTimeout), null);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        // Clients that go on asking would never let the server become idle: in the second half it takes no connection any more.
        await _inFlight.IsIdleWithinAsync(_settings.RequestTimeout / 2, _clock, cancellationToken);
        await _app.StopAsync(either.Token);

        // A run that was cut off ends before its next operator; the process does not go while it uses the model.
        await _inFlight.IsIdleWithinAsync(EndOfRuns, _clock, cancellationToken);
        Log.Stopped(_logger, _metrics.Requests);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _liveFile.DisposeAsync();
        foreach (var entry in _versions.Entries)
        {
            if (_versions.Withdraw(entry.Version, "The server has stopped.") is { } loaded)
            {
                await loaded.RetireAsync();
            }
        }

        _metrics.Dispose();
        _feedbackMetrics.Dispose();
        _feedback.Dispose();
        _latest?.Dispose();
        _repository?.Dispose();
        _lifecycle.Dispose();
    }

    private static WebApplication Build(
        ServerSettings settings, Listeners listeners, Func<ServingDataPlane> plane, Action<ILoggingBuilder> configureLogging)
    {
        // The empty builder watches no content root and reads no configuration that nobody wrote for this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            KestrelLimits.Apply(kestrel.Limits, settings.Limits);
            listeners.AddTo(kestrel);
        });
        configureLogging(builder.Logging);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.RequestTimeout);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            DriftSeries.AddViews(metrics);
            FeedbackMetrics.AddView(metrics);
            metrics.AddMeter(ServerMetrics.MeterName).AddPrometheusExporter();
        });
        OtlpTraces.AddTo(builder, "slipway-server", ServerIdentity.Version, RequestTrace.SourceName);
        GrpcTransport.AddServices(builder.Services, plane);
        return builder.Build();
    }

    private void Route(ILoggerFactory loggers)
    {
        var infer = new Transport.Rest.InferHandler(
            _plane, _bodies, _settings.MaxBodyBytes, _settings.Limits, loggers.CreateLogger<Transport.Rest.InferHandler>());
        var feedback = new FeedbackHandler(
            _plane, _bodies, _settings.MaxBodyBytes, _feedback, () => _repository?.Stored, loggers.CreateLogger<FeedbackHandler>());
        var rest = new RestTransport(_plane, _bodies, infer, feedback);
        var grpc = new GrpcTransport(_plane, _bodies, _settings.MaxBodyBytes, _clock, loggers);
        var management = new ManagementTransport(
            _lifecycle,
            _live,
            new WindowHandler(_settings.Model, _metrics.Window, _feedback),
            new AccuracyHandler(_settings.Model, _feedback),
            new ControlHandler(_plane, _bodies, _settings.ModelControl, () => _control));
        _app.MapWhen(http => http.Connection.LocalPort == _listeners.ManagementPort, branch =>
        {
            branch.UseOpenTelemetryPrometheusScrapingEndpoint(ManagementTransport.IsScrape);
            branch.Run(management.HandleAsync);
        });
        _app.Use(_connectionAge.Answer);
        _app.MapWhen(http => http.Connection.LocalPort == _listeners.GrpcPort, grpc.Map);
        _app.Run(rest.HandleAsync);
    }

    /// <summary>Signals are the command's affair.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
