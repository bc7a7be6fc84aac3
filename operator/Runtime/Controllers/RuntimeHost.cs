using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>
/// Starts informers, waits until all have synced and this process leads, then starts the controllers and the sending of events. Stops in
/// reverse: no new reconcile, the running ones end (cancelled after the stop timeout), then the informers, then what events are left to
/// send; the lease goes last, when nothing more is written. Losing the lease stops the whole host, without patience.
/// </summary>
internal sealed class RuntimeHost : IHostedService, IDisposable
{
    private readonly IInformer[] _informers;
    private readonly IControllerLoop[] _loops;
    private readonly IInformerSync _sync;
    private readonly ILeadership _leadership;
    private readonly EventRecorder _events;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly KubernetesRuntimeOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopTaking = new();
    private readonly CancellationTokenSource _cancelRunning = new();
    private readonly CancellationTokenSource _stopInformers = new();
    private Task _informing = Task.CompletedTask;
    private Task _controlling = Task.CompletedTask;
    private Task _recording = Task.CompletedTask;

    /// <exception cref="InvalidOperationException">Two controllers have the same name.</exception>
    public RuntimeHost(
        IEnumerable<IInformer> informers,
        IEnumerable<IControllerLoop> loops,
        IInformerSync sync,
        ILeadership leadership,
        EventRecorder events,
        IHostApplicationLifetime lifetime,
        IOptions<KubernetesRuntimeOptions> options,
        TimeProvider clock,
        ILogger<RuntimeHost> logger)
    {
        _informers = [.. informers];
        _loops = [.. loops];
        _sync = sync;
        _leadership = leadership;
        _events = events;
        _lifetime = lifetime;
        _options = options.Value;
        _clock = clock;
        _logger = logger;
        if (_loops.CountBy(loop => loop.Name).FirstOrDefault(name => name.Value > 1).Key is { } name)
        {
            throw new InvalidOperationException($"Two controllers are named \"{name}\"; give one of them another name with Named().");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _informing = Task.WhenAll(_informers.Select(informer => Task.Run(() => informer.RunAsync(_stopInformers.Token), CancellationToken.None)));
        _controlling = Task.Run(ControlAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopTaking.CancelAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var patient = Task.Delay(_options.StopTimeout, _clock, patience.Token);
        if (await Task.WhenAny(_controlling, patient) != _controlling)
        {
            Log.ReconcilesCancelled(_logger, _options.StopTimeout);
            await _cancelRunning.CancelAsync();
        }

        await patience.CancelAsync();
        await _controlling;
        await _stopInformers.CancelAsync();
        await _informing;
        _events.Complete(_leadership.Lost.IsCancellationRequested ? TimeSpan.Zero : _options.StopTimeout);
        await _recording;
        await _leadership.ReleaseAsync();
    }

    public void Dispose()
    {
        _stopTaking.Dispose();
        _cancelRunning.Dispose();
        _stopInformers.Dispose();
    }

    private async Task ControlAsync()
    {
        try
        {
            await _sync.WaitForSyncAsync(_stopTaking.Token);
            await _leadership.AcquireAsync(_stopTaking.Token);
        }
        catch (OperationCanceledException) when (_stopTaking.IsCancellationRequested)
        {
            return;
        }

        using var lost = _leadership.Lost.Register(GiveUp);
        _recording = _events.RunAsync();
        await Task.WhenAll(_loops.Select(loop => loop.RunAsync(_stopTaking.Token, _cancelRunning.Token)));
    }

    private void GiveUp()
    {
        _stopTaking.Cancel();
        _cancelRunning.Cancel();
        _lifetime.StopApplication();
    }
}
