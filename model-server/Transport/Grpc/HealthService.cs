using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using Slipway.ModelServer.DataPlane;
using HealthBase = Grpc.Health.V1.Health.HealthBase;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>gRPC's own health protocol: for the empty name and for the model's, whether requests are wanted now.</summary>
internal sealed class HealthService(ServingDataPlane plane, IHostApplicationLifetime application) : HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = Of(request.Service);
        return status != ServingStatus.ServiceUnknown
            ? Task.FromResult(new HealthCheckResponse { Status = status })
            : throw new RpcException(new Status(
                StatusCode.NotFound, $"There is no service {Quote.Of(request.Service)} here; ask for '{plane.Model}' or the empty name."));
    }

    /// <summary>Tells the status at once and at every change, until the client or the server goes.</summary>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, application.ApplicationStopping);
        ServingStatus? told = null;
        while (true)
        {
            var changed = plane.Versions.Changed.Next;
            var status = Of(request.Service);
            if (status != told)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
                told = status;
            }

            if (application.ApplicationStopping.IsCancellationRequested)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "This server has stopped."));
            }

            await changed.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private ServingStatus Of(string service)
    {
        if (service.Length > 0 && service != plane.Model)
        {
            return ServingStatus.ServiceUnknown;
        }

        return plane.IsReady(plane.Model, "") ? ServingStatus.Serving : ServingStatus.NotServing;
    }
}
