using Grpc.Core;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>What the server says of itself and its model. ModelInfer and ModelStreamInfer have handlers of their own, before this service.</summary>
internal sealed class ServerService(ServingDataPlane plane) : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = plane.Lifecycle.IsReady });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) =>
        Answer(() => new ModelReadyResponse { Ready = plane.IsReady(request.Name, request.Version) });

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = ServerIdentity.Name, Version = ServerIdentity.Version });

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context) =>
        Answer(() => Describe(request));

    public override Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context) =>
        Answer(() => Index(request));

    private static Task<T> Answer<T>(Func<T> answer)
    {
        try
        {
            return Task.FromResult(answer());
        }
        catch (ServingException exception)
        {
            throw GrpcErrors.ToRpc(exception);
        }
    }

    private ModelMetadataResponse Describe(ModelMetadataRequest request)
    {
        var entered = plane.Enter(request.Name, request.Version);
        try
        {
            var ready = plane.Versions.Entries.Where(entry => entry.State == VersionState.Ready).Select(entry => entry.Version);
            return new ModelMetadataResponse
            {
                Properties = { Properties(entered) },
                Name = entered.Model,
                Versions = { ready.Reverse() },
                Platform = ServerIdentity.Platform,
                Inputs = { entered.Session.Inputs.Select(Describe) },
                Outputs = { entered.Session.Outputs.Select(Describe) },
            };
        }
        finally
        {
            entered.Leave();
        }
    }

    private static Dictionary<string, string> Properties(ModelVersion version)
    {
        var properties = version.Session.Outputs.Where(output => output.ColumnsJson.Length > 0)
            .ToDictionary(output => $"columns.{output.Name}", output => output.ColumnsJson, StringComparer.Ordinal);
        if (version.DisplayName.Length > 0)
        {
            properties["display_name"] = version.DisplayName;
        }

        return properties;
    }

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorSpec spec) =>
        new() { Name = spec.Name, Datatype = spec.Datatype.Name(), Shape = { spec.Shape } };

    private RepositoryIndexResponse Index(RepositoryIndexRequest request)
    {
        if (request.RepositoryName.Length > 0)
        {
            throw new ServingException(
                ErrorCode.NotFound, $"There is no repository {Quote.Of(request.RepositoryName)} here; leave 'repository_name' empty.");
        }

        var entries = plane.Versions.Entries.Where(entry => !request.Ready || entry.State == VersionState.Ready);
        return new RepositoryIndexResponse
        {
            Models =
            {
                entries.Select(entry => new RepositoryIndexResponse.Types.ModelIndex
                {
                    Name = plane.Model,
                    Version = entry.Version,
                    State = State(entry.State),
                    Reason = entry.Reason,
                }),
            },
        };
    }

    private static string State(VersionState state) => state switch
    {
        VersionState.Loading => "LOADING",
        VersionState.Ready => "READY",
        VersionState.Unloading => "UNLOADING",
        VersionState.Unavailable => "UNAVAILABLE",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "has no name in the protocol"),
    };
}
