using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

[CancelAfter(60_000)]
internal sealed class GrpcTransportTests
{
    private const string Infer = "/inference.GRPCInferenceService/ModelInfer";

    [Test]
    public async Task Reflection_tells_what_the_server_serves(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = GrpcClient.Of(server);
        using var call = new ServerReflection.ServerReflectionClient(client.Channel).ServerReflectionInfo(cancellationToken: cancellationToken);

        var services = await AskAsync(call, new() { ListServices = "" }, cancellationToken);
        var file = await AskAsync(call, new() { FileContainingSymbol = "inference.GRPCInferenceService" }, cancellationToken);

        services.ListServicesResponse.Service.Select(service => service.Name).Should().Contain(["inference.GRPCInferenceService", "grpc.health.v1.Health"]);
        var described = FileDescriptorProto.Parser.ParseFrom(file.FileDescriptorResponse.FileDescriptorProto[0]);
        described.Service.Single().Method.Select(method => method.Name).Should().BeEquivalentTo(
            "ServerLive", "ServerReady", "ModelReady", "ServerMetadata", "ModelMetadata", "ModelInfer", "ModelStreamInfer", "RepositoryIndex");
    }

    [TestCase("inference.GRPCInferenceService", "RepositoryModelLoad")]
    [TestCase("other.Service", "Call")]
    public async Task A_call_that_there_is_not_is_unimplemented(string service, string call, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = GrpcClient.Of(server);
        var marshaller = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
        var method = new Method<byte[], byte[]>(MethodType.Unary, service, call, marshaller, marshaller);

        var failure = await GrpcClient.FailureAsync(async () =>
            await client.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: cancellationToken), []));

        failure.StatusCode.Should().Be(StatusCode.Unimplemented);
        failure.Status.Detail.Should().Be($"This server has no call '/{service}/{call}'; server reflection lists those that it has.");
    }

    [TestCase("application/json")]
    [TestCase("application/grpc-web")]
    [TestCase("application/grpc+json")]
    public async Task What_is_not_gRPC_is_an_unsupported_media_type(string contentType, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        using var response = await SendAsync(server, [], request => request.Content!.Headers.ContentType = new(contentType), cancellationToken);

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    public async Task A_compressed_message_is_expanded(string encoding, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        var message = GrpcClient.Request(GrpcClient.Floats("x", [400, 3], new float[1200])).ToByteArray();

        using var response = await SendAsync(server, Frame(1, Compress(message, encoding)), request => request.Headers.Add("grpc-encoding", encoding), cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);

        response.TrailingHeaders.GetValues("grpc-status").Should().Equal("0");
        body[0].Should().Be(0);
        ModelInferResponse.Parser.ParseFrom(body.AsSpan(5)).Outputs.Single().Contents.Fp32Contents.Should().HaveCount(1200);
    }

    private static IEnumerable<TestCaseData> BadBodies()
    {
        yield return new TestCaseData("gzip", Frame(1, Compress(new byte[100_000], "gzip")), "8", "The message is larger than 1000 bytes, the most that this server takes; send fewer rows at a time.").SetArgDisplayNames("bomb");
        yield return new TestCaseData("gzip", Frame(1, [1, 2, 3]), "3", "The message is not compressed as 'gzip', as its headers say.").SetArgDisplayNames("no gzip");
        yield return new TestCaseData("br", Frame(1, [1, 2, 3]), "12", "This server does not expand 'br'; send messages in one of identity,gzip,deflate.").SetArgDisplayNames("br");
        yield return new TestCaseData("identity", Frame(2, []), "3", "The body is not in gRPC's framing: a message begins with neither 0 nor 1.").SetArgDisplayNames("flag");
        yield return new TestCaseData("identity", Frame(0, [1, 2, 3])[..^1], "3", "The body ends inside a message.").SetArgDisplayNames("cut message");
        yield return new TestCaseData("identity", new byte[] { 0, 0 }, "3", "The body ends inside a message.").SetArgDisplayNames("cut prefix");
        yield return new TestCaseData("identity", Array.Empty<byte>(), "3", "The call has no message.").SetArgDisplayNames("nothing");
        yield return new TestCaseData("identity", new byte[10], "3", "The call has more than one message; ModelStreamInfer takes many.").SetArgDisplayNames("two");
        yield return new TestCaseData("identity", new byte[] { 0, 255, 255, 255, 255 }, "8", "The message is larger than 1000 bytes, the most that this server takes; send fewer rows at a time.").SetArgDisplayNames("huge");
    }

    [TestCaseSource(nameof(BadBodies))]
    public async Task A_body_that_is_not_one_message_is_refused(string encoding, byte[] body, string status, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, settings => settings with { MaxBodyBytes = 1000 });

        using var response = await SendAsync(server, body, request => request.Headers.Add("grpc-encoding", encoding), cancellationToken);

        response.Headers.GetValues("grpc-status").Should().Equal(status);
        Uri.UnescapeDataString(response.Headers.GetValues("grpc-message").Single()).Should().Be(message);
    }

    [TestCase("1")]
    [TestCase("S")]
    [TestCase("123456789S")]
    [TestCase("-1S")]
    [TestCase("1x")]
    public async Task A_timeout_in_another_form_is_refused(string timeout, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        using var response = await SendAsync(server, Frame(0, []), request => request.Headers.Add("grpc-timeout", timeout), cancellationToken);

        response.Headers.GetValues("grpc-status").Should().Equal("3");
        Uri.UnescapeDataString(response.Headers.GetValues("grpc-message").Single()).Should().StartWith("'grpc-timeout' must be one to eight digits");
    }

    [Test]
    public async Task Each_port_speaks_its_own_protocol_alone(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var http2 = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Host.GrpcPort}/v2/health/ready")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var rest = await server.Http.SendAsync(http2, cancellationToken);
        using var http1 = await server.Http.GetAsync($"http://127.0.0.1:{server.Host.GrpcPort}/v2/health/ready", cancellationToken);
        using var grpc = await server.Http.PostAsync(Infer, new ByteArrayContent([]), cancellationToken);

        rest.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        http1.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        grpc.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, byte[] body, Action<HttpRequestMessage> change, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{server.Host.GrpcPort}{Infer}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        change(request);
        return await server.Http.SendAsync(request, cancellationToken);
    }

    private static byte[] Frame(byte flag, byte[] message)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Compress(byte[] message, string encoding)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(compressed, CompressionMode.Compress) : new ZLibStream(compressed, CompressionMode.Compress))
        {
            stream.Write(message);
        }

        return compressed.ToArray();
    }

    private static async Task<ServerReflectionResponse> AskAsync(
        AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request, CancellationToken cancellationToken)
    {
        await call.RequestStream.WriteAsync(request, cancellationToken);
        (await call.ResponseStream.MoveNext(cancellationToken)).Should().BeTrue();
        return call.ResponseStream.Current;
    }
}
