using System.Globalization;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>The header <c>grpc-timeout</c>: at most eight digits and a unit, counted from when the client sent the call.</summary>
internal static class GrpcTimeout
{
    public const string Header = "grpc-timeout";

    private const int MostDigits = 8;

    // Longer than any limit of this server.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <returns>Null when there is none.</returns>
    /// <exception cref="ServingException">The header is not in gRPC's form.</exception>
    public static TimeSpan? Read(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return null;
        }

        if (header.Length - 1 is < 1 or > MostDigits
            || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || TicksOf(header[^1]) is not { } ticks)
        {
            throw ServingException.Invalid($"'{Header}' must be one to eight digits and one of H, M, S, m, u, n, got {Quote.Of(header)}.");
        }

        var total = count * ticks;
        return total >= Longest.Ticks ? Longest : TimeSpan.FromTicks((long)total);
    }

    private static double? TicksOf(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        'n' => TimeSpan.TicksPerMicrosecond / 1000.0,
        _ => null,
    };
}
