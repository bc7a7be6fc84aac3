using System.Text.RegularExpressions;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

/// <summary>Waits for what a server says of itself; each look is a request to it, so that this neither sleeps nor spins.</summary>
internal static class Counters
{
    public static Task UntilCountedAsync(this TestServer server, string code, int count, CancellationToken cancellationToken) =>
        UntilAsync(server.Management, $"slipway_requests_total\\{{[^}}]*code=\"{code}\"[^}}]*protocol=\"grpc\"[^}}]*\\}} {count}\n", cancellationToken);

    public static Task UntilInFlightAsync(this TestServer server, int count, CancellationToken cancellationToken) =>
        UntilInFlightAsync(server.Management, count, cancellationToken);

    public static Task UntilInFlightAsync(HttpClient management, int count, CancellationToken cancellationToken) =>
        UntilAsync(management, $"slipway_in_flight_requests\\{{[^}}]*\\}} {count}\n", cancellationToken);

    private static async Task UntilAsync(HttpClient management, string pattern, CancellationToken cancellationToken)
    {
        var metrics = "";
        try
        {
            do
            {
                metrics = await management.GetStringAsync("/metrics", cancellationToken);
            }
            while (!Regex.IsMatch(metrics, pattern));
        }
        catch (OperationCanceledException exception)
        {
            throw new AssertionException($"{pattern} was not seen in:\n{metrics}", exception);
        }
    }
}
