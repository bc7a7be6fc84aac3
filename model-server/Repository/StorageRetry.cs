using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// Asks storage again for as long as it takes: an outage ends some day, and credentials can be mended while the server waits. Only what is
/// not there is given up.
/// </summary>
internal sealed class StorageRetry(Action<string> tell, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Calls <paramref name="attempt"/> until it succeeds; when <paramref name="progress"/> grew, the waiting starts anew.</summary>
    /// <exception cref="StoreException">With <see cref="StoreTrouble.Missing"/>.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, Func<long> progress, CancellationToken cancellationToken)
    {
        var wait = First;
        while (true)
        {
            var before = progress();
            try
            {
                var result = await attempt(cancellationToken);
                tell("");
                return result;
            }
            catch (StoreException exception) when (exception.Trouble != StoreTrouble.Missing && !cancellationToken.IsCancellationRequested)
            {
                wait = progress() > before ? First : wait;
                tell($"{exception.Message} It is tried again.");
                Log.StorageTrouble(logger, exception.Message, wait);
            }

            await Task.Delay(wait * (0.5 + (Random.Shared.NextDouble() / 2)), clock, cancellationToken);
            wait = wait * 2 < Longest ? wait * 2 : Longest;
        }
    }

    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        RunAsync(attempt, static () => 0, cancellationToken);
}
