using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>Reads a time from a query: RFC 3339, or whole seconds since 1970.</summary>
internal static partial class TimeParameter
{
    private const string Forms = "RFC 3339 such as 2026-01-02T15:04:05Z, or whole unix seconds";
    private const int FractionOfTick = 8;

    private static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <exception cref="ServingException">It is missing, is there twice, or is no time.</exception>
    public static DateTimeOffset Read(IQueryCollection query, string name)
    {
        if (query[name] is not [{ Length: > 0 } text])
        {
            throw ServingException.Invalid($"The query must have '{name}' once: a time as {Forms}.");
        }

        return UnixSeconds(text) ?? Rfc3339(text) ?? throw ServingException.Invalid($"'{name}' must be a time as {Forms}, got {Quote.Of(text)}.");
    }

    private static DateTimeOffset? UnixSeconds(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds >= FirstSecond && seconds <= LastSecond
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static DateTimeOffset? Rfc3339(string text)
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
