using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// Asks storage again for as long as it takes: an outage ends some day, and credentials can be mended while the server waits. Only what is
/// not there, or is no longer what it was, is given up.
/// </summary>
internal sealed class StorageRetry(Action<string> tell, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Calls <paramref name="attempt"/> until it succeeds; when <paramref name="progress"/> grew, the waiting starts anew.</summary>
    /// <exception cref="StoreException">With a trouble that asking again cannot mend.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, Func<long> progress, CancellationToken cancellationToken)
    {
        var backoff = First;
        while (true)
        {
            var before = progress();
            TimeSpan wait;
            try
            {
                var result = await attempt(cancellationToken);
                tell("");
                return result;
            }
            catch (StoreException exception) when (exception.MayPass && !cancellationToken.IsCancellationRequested)
            {
                backoff = progress() > before ? First : backoff;
                wait = Wait(backoff, exception.RetryAfter);
                tell($"{exception.Message} It is tried again.");
                Log.StorageTrouble(logger, exception.Message, wait);
            }

            await Task.Delay(wait, clock, cancellationToken);
            backoff = backoff * 2 < Longest ? backoff * 2 : Longest;
        }
    }

    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        RunAsync(attempt, static () => 0, cancellationToken);

    // Asked to wait, many servers wait for the same moment; the jitter on top spreads them.
    private static TimeSpan Wait(TimeSpan backoff, TimeSpan? asked)
    {
        var jittered = backoff * (0.5 + (Random.Shared.NextDouble() / 2));
        return asked is { } least ? (least < RepositoryLimits.LongestRetryAfter ? least : RepositoryLimits.LongestRetryAfter) + jittered : jittered;
    }
}
