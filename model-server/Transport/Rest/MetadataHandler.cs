using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Answers what a server says of itself: health, its own metadata, its model's, its statistics and its repository's index.</summary>
internal sealed class MetadataHandler(ServingDataPlane plane, BodyBudget bodies)
{
    // In the form in which Triton names a part of an extension.
    private static readonly string[] Extensions = ["binary_tensor_data", "model_configuration", "model_repository(index)", "statistics"];

    private readonly StatisticsReport _statistics = new(plane);

    public async Task HandleAsync(HttpContext http, RestRoute route)
    {
        try
        {
            if (route.Target == RestTarget.RepositoryIndex)
            {
                await SendIndexAsync(http);
                return;
            }

            var (status, json) = Answer(route);
            await RestAnswer.SendAsync(http, status, json, http.RequestAborted);
        }
        catch (Exception exception) when (RestErrors.Explain(exception, http.RequestAborted) is { } error)
        {
            await RestAnswer.SendErrorAsync(http, error.Code, error.Message);
        }
    }

    private async Task SendIndexAsync(HttpContext http)
    {
        using var deadline = new RequestDeadline(plane.RequestTimeout, plane.Clock, http.RequestAborted);
        using var body = await RequestBody.ReadAsync(http, RepositoryIndex.MostBodyBytes, bodies, deadline);
        var json = JsonSerializer.SerializeToUtf8Bytes(RepositoryIndex.Of(plane, body.Memory.Span), RestJson.Default.IReadOnlyListIndexEntry);
        await RestAnswer.SendAsync(http, StatusCodes.Status200OK, json, http.RequestAborted);
    }

    private (int Status, byte[] Json) Answer(in RestRoute route)
    {
        switch (route.Target)
        {
            case RestTarget.Alive:
                return (StatusCodes.Status200OK, "{\"status\":\"alive\"}"u8.ToArray());
            case RestTarget.Server:
                return Found(new ServerMetadata(ServerIdentity.Name, ServerIdentity.Version, Extensions), RestJson.Default.ServerMetadata);
            case RestTarget.Live:
                return (StatusCodes.Status200OK, "{\"live\":true}"u8.ToArray());
            case RestTarget.Ready:
                return (Status(plane.Lifecycle.IsReady), Json(new ServerReady(plane.Lifecycle.IsReady), RestJson.Default.ServerReady));
            case RestTarget.Models or RestTarget.V1Models:
                return Found(new ModelList([plane.Model]), RestJson.Default.ModelList);
            case RestTarget.ModelReady or RestTarget.V1Model:
                var ready = plane.IsReady(route.Model, route.Version);
                return (Status(ready), Json(new ModelReady(plane.Model, ready), RestJson.Default.ModelReady));
            case RestTarget.Model:
                return Found(Inside(route, Describe), RestJson.Default.ModelMetadata);
            case RestTarget.ModelConfiguration:
                return Found(Inside(route, ModelConfiguration.Of), RestJson.Default.ModelConfiguration);
            case RestTarget.Statistics:
                return Found(_statistics.Of(route.Model, route.Version), RestJson.Default.StatisticsAnswer);
            case RestTarget.RepositoryLoad or RestTarget.RepositoryUnload:
                throw new ServingException(
                    ErrorCode.NotFound,
                    "This port loads and unloads nothing; the management port does, on a server that was started with model control switched on.");
            default:
                throw new ArgumentOutOfRangeException(nameof(route), route.Target, "is no metadata");
        }
    }

    private static int Status(bool ready) => ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    // While a version is described it cannot be unloaded.
    private T Inside<T>(in RestRoute route, Func<ModelVersion, T> describe)
    {
        var entered = plane.Enter(route.Model, route.Version);
        try
        {
            return describe(entered);
        }
        finally
        {
            entered.Leave();
        }
    }

    private ModelMetadata Describe(ModelVersion version)
    {
        var ready = plane.Versions.Entries.Where(entry => entry.State == VersionState.Ready).Select(entry => entry.Version);
        return new(
            version.Model,
            [.. ready.Reverse()],
            ServerIdentity.Platform,
            [.. version.Session.Inputs.Select(Describe)],
            [.. version.Session.Outputs.Select(Describe)],
            Parameters("display_name", version.DisplayName));
    }

    private static TensorMetadata Describe(Inference.TensorSpec spec) =>
        new(spec.Name, Inference.Datatypes.Name(spec.Datatype), spec.Shape, Parameters("columns", spec.ColumnsJson));

    private static Dictionary<string, string>? Parameters(string name, string value) => value.Length == 0 ? null : new() { [name] = value };

    private static (int Status, byte[] Json) Found<T>(T value, JsonTypeInfo<T> type) => (StatusCodes.Status200OK, Json(value, type));

    private static byte[] Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);
}
