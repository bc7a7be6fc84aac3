using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.Benchmarks;

/// <summary>The framework's gRPC server and nothing else: parses a ModelInferRequest and answers its raw contents as they came.</summary>
internal static class GrpcEchoServer
{
    /// <summary>Says its port and ends when it is told anything.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var app = Build(kestrel => kestrel.Listen(IPAddress.Loopback, 0, options => options.Protocols = HttpProtocols.Http2));
        await app.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"port {new Uri(app.Urls.First()).Port}");
        await Console.In.ReadLineAsync(cancellationToken);
        return 0;
    }

    /// <summary>Runs until it is ended; over HTTP/1.1 it answers whoever waits for it.</summary>
    public static async Task<int> RunAsync(int port, int grpcPort, CancellationToken cancellationToken)
    {
        await using var app = Build(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port, options => options.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, grpcPort, options => options.Protocols = HttpProtocols.Http2);
        });
        app.MapGet("/", () => "");
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static WebApplication Build(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(listen);
        builder.Services.AddSingleton<Echo>();
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<Echo>();
        return app;
    }

    private sealed class Echo : GRPCInferenceService.GRPCInferenceServiceBase
    {
        public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
        {
            var answer = new ModelInferResponse { ModelName = request.ModelName, ModelVersion = "1", Id = request.Id };
            foreach (var input in request.Inputs)
            {
                answer.Outputs.Add(new ModelInferResponse.Types.InferOutputTensor
                {
                    Name = "y",
                    Datatype = input.Datatype,
                    Shape = { input.Shape },
                    Contents = input.Contents,
                });
            }

            answer.RawOutputContents.Add(request.RawInputContents);
            return Task.FromResult(answer);
        }
    }
}
