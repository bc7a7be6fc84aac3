namespace Slipway.EndToEnd.Tests.Support;

/// <summary>Waits for what a cluster does in its own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan limit) => TrueAsync(condition, () => what, limit);

    /// <exception cref="TimeoutException">It was not so within <paramref name="limit"/>.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(Pause);
        using var end = new CancellationTokenSource(limit);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Not within {limit}: {what()}");
            }
        }
    }
}
