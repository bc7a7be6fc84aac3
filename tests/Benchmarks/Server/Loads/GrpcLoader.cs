using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary><c>load-grpc</c>: a closed loop of ModelInfer calls over a few connections.</summary>
internal sealed class GrpcLoader
{
    // Sends bytes that were made once, so that the loader takes as little of the machine as it can.
    private static readonly Marshaller<byte[]> AsIs = new(bytes => bytes, bytes => bytes);

    private static readonly Method<byte[], byte[]> Infer = new(MethodType.Unary, "inference.GRPCInferenceService", "ModelInfer", AsIs, AsIs);

    private readonly Dictionary<int, GrpcChannel[]> _channels = [];

    public static Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var loader = new GrpcLoader();
        return LoaderProcess.AnswerAsync<GrpcAsk, GrpcAnswer>(ask => loader.RunAsync(ask, cancellationToken), cancellationToken);
    }

    /// <exception cref="RpcException">A call failed.</exception>
    private async Task<GrpcAnswer> RunAsync(GrpcAsk ask, CancellationToken cancellationToken)
    {
        if (!_channels.TryGetValue(ask.Port, out var channels))
        {
            // A channel of its own is a connection of its own.
            channels = [.. Enumerable.Range(0, ask.Connections).Select(_ => GrpcChannel.ForAddress($"http://127.0.0.1:{ask.Port}"))];
            _channels.Add(ask.Port, channels);
        }

        long calls = 0;
        var bytes = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(channels.SelectMany(channel => Enumerable.Range(0, ask.CallsInFlight).Select(async _ =>
        {
            var invoker = channel.CreateCallInvoker();
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < ask.Seconds)
            {
                using var call = invoker.AsyncUnaryCall(Infer, null, new CallOptions(cancellationToken: cancellationToken), ask.Message);
                bytes = (await call.ResponseAsync).Length;
                Interlocked.Increment(ref calls);
            }
        })));
        return new(calls, Stopwatch.GetElapsedTime(start).TotalSeconds, bytes);
    }
}

/// <param name="CallsInFlight">On each connection.</param>
internal sealed record GrpcAsk(int Port, byte[] Message, int Connections, int CallsInFlight, double Seconds);

/// <param name="MessageBytes">Of one answer.</param>
internal sealed record GrpcAnswer(long Calls, double Seconds, int MessageBytes);
