using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>A closed loop of gRPC calls, driven by our own loader.</summary>
internal sealed class GrpcLoad(byte[] message, int connections, int callsInFlight) : ILoad, IDisposable
{
    private readonly LoaderProcess _loader = new("load-grpc");

    public async Task<(long Requests, double Seconds)> RunAsync(ServerProcess server, TimeSpan duration, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(server, duration, cancellationToken);
        return (answer.Calls, answer.Seconds);
    }

    /// <summary>The length of the server's answer, as a message.</summary>
    public async Task<int> MessageBytesAsync(ServerProcess server, CancellationToken cancellationToken) =>
        (await AskAsync(server, TimeSpan.FromMilliseconds(1), cancellationToken)).MessageBytes;

    public void Dispose() => _loader.Dispose();

    private Task<GrpcAnswer> AskAsync(ServerProcess server, TimeSpan duration, CancellationToken cancellationToken) =>
        _loader.AskAsync<GrpcAsk, GrpcAnswer>(new(server.GrpcPort, message, connections, callsInFlight, duration.TotalSeconds), cancellationToken);
}
