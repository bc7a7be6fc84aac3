using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.Benchmarks;

/// <summary>
/// What ModelInfer costs the server beside an echo of the same message by the framework's gRPC: processor time of the two processes, in
/// rounds that take turns, so that what else the machine does meets both.
/// </summary>
internal static class GrpcBenchmark
{
    private const int Connections = 4;
    private const int CallsInFlight = 8;
    private const int Rounds = 7;
    private const int WarmUpRequests = 15_000;
    private const int Requests = 30_000;

    // Sends bytes that were made once, so that the loader takes as little of the machine as it can.
    private static readonly Marshaller<byte[]> AsIs = new(bytes => bytes, bytes => bytes);

    private static readonly Method<byte[], byte[]> Infer = new(MethodType.Unary, "inference.GRPCInferenceService", "ModelInfer", AsIs, AsIs);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-bench-");
        try
        {
            var version = Directory.CreateDirectory(Path.Combine(folder.FullName, "models", "1"));
            await File.WriteAllBytesAsync(Path.Combine(version.FullName, "model.onnx"), TestModels.Double(Bodies.Width), cancellationToken);
            using var echo = await Side.StartAsync(["grpc-echo"], cancellationToken);
            using var serve = await Side.StartAsync(["grpc-serve", folder.FullName], cancellationToken);
            foreach (var (rows, raw) in new[] { (1, false), (1, true), (32, false), (32, true) })
            {
                await CompareAsync(echo, serve, rows, raw, cancellationToken);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CompareAsync(Side echo, Side serve, int rows, bool raw, CancellationToken cancellationToken)
    {
        var message = Message(rows, raw);
        await echo.CostAsync(message, WarmUpRequests, cancellationToken);
        await serve.CostAsync(message, WarmUpRequests, cancellationToken);
        var rounds = new List<(double Echo, double Infer)>();
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add((await echo.CostAsync(message, Requests, cancellationToken), await serve.CostAsync(message, Requests, cancellationToken)));
        }

        var ratios = rounds.Select(round => round.Infer / round.Echo).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"grpc: a request of {rows} rows, {(raw ? "raw" : "typed")}, takes {ratios[Rounds / 2]:F2} times the processor time of a bare gRPC echo ({ratios[0]:F2} to {ratios[^1]:F2} over {Rounds} rounds; {rounds.Min(round => round.Infer) * 1e6:F1} and {rounds.Min(round => round.Echo) * 1e6:F1} µs here)"));
    }

    private static byte[] Message(int rows, bool raw)
    {
        var random = new Random(7);
        float[] elements = [.. Enumerable.Range(0, rows * Bodies.Width).Select(_ => random.NextSingle())];
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { rows, Bodies.Width } };
        var request = new ModelInferRequest { ModelName = "m", Id = "42", Inputs = { input } };
        if (raw)
        {
            request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(elements)));
        }
        else
        {
            input.Contents = new InferTensorContents { Fp32Contents = { elements } };
        }

        return request.ToByteArray();
    }

    /// <summary>A server in a process of its own, and connections to it.</summary>
    private sealed class Side : IDisposable
    {
        private readonly Process _process;
        private readonly GrpcChannel[] _channels;

        private Side(Process process, int port)
        {
            _process = process;
            _channels = [.. Enumerable.Range(0, Connections).Select(_ => GrpcChannel.ForAddress($"http://127.0.0.1:{port}"))];
        }

        public static async Task<Side> StartAsync(string[] arguments, CancellationToken cancellationToken)
        {
            var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
            var said = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The server said no port.");
            return new Side(process, int.Parse(said.Split(' ')[1], CultureInfo.InvariantCulture));
        }

        /// <summary>Seconds of processor time a request, over so many of them.</summary>
        public async Task<double> CostAsync(byte[] message, int count, CancellationToken cancellationToken)
        {
            _process.Refresh();
            var before = _process.TotalProcessorTime;
            var left = count;
            await Task.WhenAll(_channels.SelectMany(channel => Enumerable.Range(0, CallsInFlight).Select(async _ =>
            {
                var invoker = channel.CreateCallInvoker();
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    using var call = invoker.AsyncUnaryCall(Infer, null, new CallOptions(cancellationToken: cancellationToken), message);
                    await call.ResponseAsync;
                }
            })));
            _process.Refresh();
            return (_process.TotalProcessorTime - before).TotalSeconds / count;
        }

        public void Dispose()
        {
            foreach (var channel in _channels)
            {
                channel.Dispose();
            }

            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
