using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>Reads a time from a query: RFC 3339, or whole seconds since 1970.</summary>
internal static class TimeParameter
{
    private const string Forms = "RFC 3339 such as 2026-01-02T15:04:05Z, or whole unix seconds";

    private static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Reads <c>from</c> and <c>to</c>.</summary>
    /// <exception cref="ServingException">One of them cannot be read, or they are the wrong way round.</exception>
    public static (DateTimeOffset From, DateTimeOffset To) ReadWindow(IQueryCollection query)
    {
        var from = Read(query, "from");
        var to = Read(query, "to");
        return from <= to ? (from, to) : throw ServingException.Invalid("'from' must not be later than 'to'.");
    }

    /// <exception cref="ServingException">It is missing, is there twice, or is no time.</exception>
    private static DateTimeOffset Read(IQueryCollection query, string name)
    {
        if (query[name] is not [{ Length: > 0 } text])
        {
            throw ServingException.Invalid($"The query must have '{name}' once: a time as {Forms}.");
        }

        return UnixSeconds(text) ?? Rfc3339.Parse(text) ?? throw ServingException.Invalid($"'{name}' must be a time as {Forms}, got {Quote.Of(text)}.");
    }

    private static DateTimeOffset? UnixSeconds(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds >= FirstSecond && seconds <= LastSecond
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
