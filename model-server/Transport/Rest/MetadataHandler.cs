using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Answers what a server says of itself: health, its own metadata and its model's.</summary>
internal sealed class MetadataHandler(ServingDataPlane plane)
{
    private const string Platform = "onnx_onnxv1";

    private static readonly string ServerVersion = typeof(MetadataHandler).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public async Task HandleAsync(HttpContext http, RestTarget target, string model, string version)
    {
        try
        {
            var (status, json) = Answer(target, model, version);
            await RestAnswer.SendAsync(http, status, json, http.RequestAborted);
        }
        catch (ServingException exception)
        {
            await RestAnswer.SendErrorAsync(http, exception.Code, exception.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be told.
        }
    }

    private (int Status, byte[] Json) Answer(RestTarget target, string model, string version)
    {
        switch (target)
        {
            case RestTarget.Server:
                return (StatusCodes.Status200OK, Json(new ServerMetadata("slipway", ServerVersion, []), RestJson.Default.ServerMetadata));
            case RestTarget.Live:
                return (StatusCodes.Status200OK, "{\"live\":true}"u8.ToArray());
            case RestTarget.Ready:
                return (Status(plane.Lifecycle.IsReady), Json(new ServerReady(plane.Lifecycle.IsReady), RestJson.Default.ServerReady));
            case RestTarget.ModelReady:
                var ready = plane.IsReady(model, version);
                return (Status(ready), Json(new ModelReady(plane.Model, ready), RestJson.Default.ModelReady));
            case RestTarget.Model:
                return (StatusCodes.Status200OK, Json(Describe(model, version), RestJson.Default.ModelMetadata));
            default:
                throw new ArgumentOutOfRangeException(nameof(target), target, "is no metadata");
        }
    }

    private static int Status(bool ready) => ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    private ModelMetadata Describe(string model, string version)
    {
        var entered = plane.Enter(model, version);
        try
        {
            var ready = plane.Versions.Entries.Where(entry => entry.State == VersionState.Ready).Select(entry => entry.Version);
            return new(
                entered.Model,
                [.. ready.Reverse()],
                Platform,
                [.. entered.Session.Inputs.Select(Describe)],
                [.. entered.Session.Outputs.Select(Describe)],
                Parameters("display_name", entered.DisplayName));
        }
        finally
        {
            entered.Leave();
        }
    }

    private static TensorMetadata Describe(Inference.TensorSpec spec) =>
        new(spec.Name, Inference.Datatypes.Name(spec.Datatype), spec.Shape, Parameters("columns", spec.ColumnsJson));

    private static Dictionary<string, string>? Parameters(string name, string value) => value.Length == 0 ? null : new() { [name] = value };

    private static byte[] Json<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.SerializeToUtf8Bytes(value, type);
}
