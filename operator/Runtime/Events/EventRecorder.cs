using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>A bounded queue in front of one loop.</summary>
internal sealed class EventRecorder(
    ApiClient api, IOptions<KubernetesRuntimeOptions> options, RuntimeMetrics metrics, TimeProvider clock, ILogger<EventRecorder> logger)
    : IEventRecorder, IDisposable
{
    /// <summary>With waits of 1, 2, 4 s and so on, an event outlasts an API server that is away for a minute and a half.</summary>
    private const int Attempts = 8;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly Channel<(RecordedEvent Event, DateTimeOffset At)> _queue = Channel.CreateBounded<(RecordedEvent, DateTimeOffset)>(
        new BoundedChannelOptions(options.Value.EventQueueSize) { SingleReader = true });

    private readonly EventSink _sink = new(api, options.Value, clock);
    private readonly CancellationTokenSource _giveUp = new();

    public void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => Record(about, "Normal", reason, message);

    public void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => Record(about, "Warning", reason, message);

    /// <summary>Sends until <see cref="Complete"/> and the queue is empty.</summary>
    public async Task RunAsync()
    {
        await foreach (var (recorded, at) in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            await SendAsync(recorded, at);
        }
    }

    /// <summary>Takes no more events. What waits is sent within <paramref name="patience"/>, and the rest is lost.</summary>
    public void Complete(TimeSpan patience)
    {
        _queue.Writer.TryComplete();
        _giveUp.CancelAfter(patience);
    }

    public void Dispose() => _giveUp.Dispose();

    private void Record(IKubernetesObject<V1ObjectMeta> about, string type, string reason, string message)
    {
        if (!_queue.Writer.TryWrite((RecordedEvent.Of(about, type, reason, message), clock.GetUtcNow())))
        {
            metrics.EventDropped();
        }
    }

    private async Task SendAsync(RecordedEvent recorded, DateTimeOffset at)
    {
        var delivery = _sink.Address(recorded, at);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _sink.WriteAsync(delivery, _giveUp.Token);
                return;
            }
            catch (Exception exception)
            {
                var refused = exception is NotLeaderException
                    or ApiException { Status: < System.Net.HttpStatusCode.InternalServerError and not System.Net.HttpStatusCode.TooManyRequests };
                if (refused || attempt == Attempts || _giveUp.IsCancellationRequested)
                {
                    Log.EventLost(logger, recorded.Reason, recorded.About.Key, exception.Message);
                    return;
                }
            }

            var delay = TimeSpan.FromSeconds(Math.Min(LongestDelay.TotalSeconds, 1 << (attempt - 1)));
            await Task.Delay(delay, clock, _giveUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
