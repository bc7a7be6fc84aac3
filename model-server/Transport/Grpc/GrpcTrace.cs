using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>The span of a request over gRPC, named and tagged as OpenTelemetry's conventions for RPC have it.</summary>
internal static class GrpcTrace
{
    private const string Service = "inference.GRPCInferenceService";

    /// <returns>Null when nobody would learn of it.</returns>
    /// <param name="method">Of the service; a request of a stream has a span of its own.</param>
    public static RequestTrace? Begin(HttpRequest request, string method, bool isLogged)
    {
        if (RequestTrace.Begin($"{Service}/{method}", request.Headers, isLogged, "rpc.grpc.status_code") is not { } trace)
        {
            return null;
        }

        trace.Tag("rpc.system", "grpc");
        trace.Tag("rpc.service", Service);
        trace.Tag("rpc.method", method);
        return trace;
    }
}
