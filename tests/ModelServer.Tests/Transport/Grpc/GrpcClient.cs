using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Transport.Grpc.Messages;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

/// <summary>A real client on a connection of its own.</summary>
internal sealed class GrpcClient : IDisposable
{
    private static readonly Marshaller<byte[]> AsIs = new(bytes => bytes, bytes => bytes);

    private static readonly Method<byte[], byte[]> InferAsIs = new(MethodType.Unary, "inference.GRPCInferenceService", "ModelInfer", AsIs, AsIs);

    private static readonly Method<byte[], byte[]> InferInParts = new(MethodType.DuplexStreaming, "inference.GRPCInferenceService", "ModelInfer", AsIs, AsIs);

    /// <param name="timeout">Sent as <c>grpc-timeout</c> with every call, without the client's keeping to it; null sends none.</param>
    public GrpcClient(int port, string? timeout = null)
    {
        Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions
        {
            MaxReceiveMessageSize = null,
            HttpHandler = timeout is null ? null : new Timeout(timeout) { InnerHandler = new SocketsHttpHandler() },
            DisposeHttpClient = true,
        });
        Inference = new GRPCInferenceService.GRPCInferenceServiceClient(Channel);
        Health = new HealthClient(Channel);
    }

    public GrpcChannel Channel { get; }

    public GRPCInferenceService.GRPCInferenceServiceClient Inference { get; }

    public HealthClient Health { get; }

    public static GrpcClient Of(TestServer server, string? timeout = null) => new(server.Host.GrpcPort, timeout);

    public async Task<ModelInferResponse> InferAsync(ModelInferRequest request, CancellationToken cancellationToken) =>
        await Inference.ModelInferAsync(request, cancellationToken: cancellationToken);

    /// <summary>Sends bytes as the message, whatever they are.</summary>
    public async Task<ModelInferResponse> InferAsync(byte[] message, CancellationToken cancellationToken)
    {
        using var call = Channel.CreateCallInvoker().AsyncUnaryCall(InferAsIs, host: null, new CallOptions(cancellationToken: cancellationToken), message);
        return ModelInferResponse.Parser.ParseFrom(await call.ResponseAsync);
    }

    /// <summary>A ModelInfer whose message and end are the caller's to send.</summary>
    public AsyncDuplexStreamingCall<byte[], byte[]> BeginInfer(CallOptions options) =>
        Channel.CreateCallInvoker().AsyncDuplexStreamingCall(InferInParts, host: null, options);

    /// <summary>The status with which a call fails.</summary>
    public static async Task<RpcException> FailureAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException exception)
        {
            return exception;
        }

        throw new AssertionException("The call did not fail.");
    }

    public static ModelInferRequest Request(params ModelInferRequest.Types.InferInputTensor[] inputs) => new() { ModelName = "m", Inputs = { inputs } };

    public static ModelInferRequest.Types.InferInputTensor Floats(string name, long[] shape, params float[] elements) =>
        new() { Name = name, Datatype = "FP32", Shape = { shape }, Contents = new InferTensorContents { Fp32Contents = { elements } } };

    public static ModelInferRequest Raw(string name, string datatype, long[] shape, byte[] bytes)
    {
        var request = Request(new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = datatype, Shape = { shape } });
        request.RawInputContents.Add(ByteString.CopyFrom(bytes));
        return request;
    }

    /// <summary>Takes a good part of a second.</summary>
    public static ModelInferRequest Heavy(int rows) => Raw("x", "FP32", [rows, 1024], new byte[rows * 1024 * sizeof(float)]);

    public void Dispose() => Channel.Dispose();

    private sealed class Timeout(string timeout) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("grpc-timeout", timeout);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
