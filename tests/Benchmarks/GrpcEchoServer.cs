using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.Benchmarks;

/// <summary>The framework's gRPC server and nothing else: parses a ModelInferRequest and answers its raw contents as they came.</summary>
internal static class GrpcEchoServer
{
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, options => options.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<Echo>();
        builder.Services.AddGrpc();
        await using var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<Echo>();
        await app.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"port {new Uri(app.Urls.First()).Port}");
        await Console.In.ReadLineAsync(cancellationToken);
        return 0;
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
