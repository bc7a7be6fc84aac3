using System.Globalization;

namespace Slipway.ModelServer.Storage;

/// <summary>A store's answer that is no success, in the words that all stores share.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The store's own word for it; may be empty.</param>
/// <param name="Message">The store's own sentence; may be empty.</param>
/// <param name="RetryAfter">How long it asked to be left alone; null when it did not say.</param>
internal sealed record Refusal(int Status, string Code, string Message, TimeSpan? RetryAfter)
{
    /// <summary>Reads a <c>Retry-After</c> header: seconds, or a date.</summary>
    /// <returns>Null when there is none that can be read.</returns>
    public static TimeSpan? Wait(string? header, DateTimeOffset now)
    {
        if (int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParseExact(header, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date > now
            ? date - now : null;
    }
}

/// <summary>A store that is spoken to without an SDK refused.</summary>
internal class RefusedException(Refusal refusal) : Exception($"HTTP {refusal.Status}")
{
    public Refusal Refusal { get; } = refusal;
}
