using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>A closed loop of requests, in a process of its own.</summary>
internal interface ILoad
{
    /// <returns>Requests that were answered well, and the wall time that they took.</returns>
    /// <exception cref="InvalidOperationException">The program that makes the load is missing, or a request failed.</exception>
    Task<(long Requests, double Seconds)> RunAsync(ServerProcess server, TimeSpan duration, CancellationToken cancellationToken);
}
