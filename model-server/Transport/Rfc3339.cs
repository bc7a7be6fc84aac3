using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.ModelServer.Transport;

/// <summary>Times in the form of RFC 3339.</summary>
internal static partial class Rfc3339
{
    private const int FractionOfTick = 8;

    /// <returns>Null for any other text.</returns>
    public static DateTimeOffset? Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } match)
        {
            return null;
        }

        // Other programs write nanoseconds; a tick is all that is kept here.
        var fraction = match.Groups["fraction"].Value;
        var kept = $"{match.Groups["second"].Value}{fraction[..Math.Min(fraction.Length, FractionOfTick)]}{match.Groups["zone"].Value}";
        return DateTimeOffset.TryParseExact(
            kept.ToUpperInvariant(), "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;
    }

    [GeneratedRegex(@"^(?<second>[0-9-]{10}[Tt][0-9:]{8})(?<fraction>(\.[0-9]+)?)(?<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
