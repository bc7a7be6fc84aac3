using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Slipway.Runtime.Tests;

/// <summary>Waits for conditions, never for time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Looks until the condition holds; <paramref name="meanwhile"/> runs between two looks (it may move a clock).</summary>
    public static async Task IsTrueAsync(
        Func<bool> condition, Action? meanwhile = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Limit)
            {
                throw new AssertionException($"This did not come true within {Limit.TotalSeconds} s: {what}");
            }

            meanwhile?.Invoke();
            await Task.Delay(2);
        }
    }

    public static Task<T> WithinLimit<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task WithinLimit(this Task task) => task.WaitAsync(Limit);
}
