using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>
/// The Open Inference Protocol over gRPC, with gRPC's health and reflection. Inference has handlers of its own; what is asked seldom goes
/// through the framework.
/// </summary>
internal sealed class GrpcTransport(ServingDataPlane plane, BodyBudget bodies, int maxMessageBytes, TimeProvider clock, ILoggerFactory loggers)
{
    private const string InferPath = "/inference.GRPCInferenceService/ModelInfer";
    private const string StreamInferPath = "/inference.GRPCInferenceService/ModelStreamInfer";

    // Names and versions; nothing that the framework's services take is larger.
    private const int MostServiceMessageBytes = 64 << 10;

    private readonly InferHandler _infer = new(plane, bodies, maxMessageBytes, loggers.CreateLogger<InferHandler>());
    private readonly StreamInferHandler _streamInfer = new(plane, bodies, maxMessageBytes, clock, loggers.CreateLogger<StreamInferHandler>());

    /// <param name="plane">Asked for once the host is up.</param>
    public static void AddServices(IServiceCollection services, Func<ServingDataPlane> plane)
    {
        services.AddSingleton(_ => plane());
        services.AddSingleton<ServerService>();
        services.AddSingleton<HealthService>();
        services.AddGrpcReflection();
        services.AddGrpc(options =>
        {
            options.IgnoreUnknownServices = true;
            options.MaxReceiveMessageSize = MostServiceMessageBytes;
        });
    }

    public void Map(IApplicationBuilder app)
    {
        app.Use((http, next) => RequireGrpc(http) ? Handle(http, next) : Task.CompletedTask);
        app.UseRouting();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapGrpcService<ServerService>();
            endpoints.MapGrpcService<HealthService>();
            endpoints.MapGrpcReflectionService();
        });
        app.Run(http => GrpcAnswer.FailAsync(http, new GrpcFailure(
            StatusCode.Unimplemented,
            ErrorCode.NotFound,
            $"This server has no call {Quote.Of(http.Request.Path.Value ?? "")}; server reflection lists those that it has.",
            default)));
    }

    private Task Handle(HttpContext http, RequestDelegate next) => http.Request.Path.Value switch
    {
        InferPath => _infer.HandleAsync(http),
        StreamInferPath => _streamInfer.HandleAsync(http),
        _ => next(http),
    };

    private static bool RequireGrpc(HttpContext http)
    {
        var type = http.Request.ContentType.AsSpan();
        var isGrpc = type.StartsWith(GrpcAnswer.ContentType, StringComparison.OrdinalIgnoreCase)
            && type[GrpcAnswer.ContentType.Length..] is "" or "+proto" or [';', ..];
        if (isGrpc && HttpMethods.IsPost(http.Request.Method))
        {
            return true;
        }

        http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return false;
    }
}
