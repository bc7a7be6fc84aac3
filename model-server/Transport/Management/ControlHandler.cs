using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>Loading and unloading, in the paths that KServe and Triton have for it, and with a version in the path as well.</summary>
/// <param name="enabled">Whether the server was started with model control.</param>
/// <param name="control">Null until the server has opened its repository.</param>
internal sealed class ControlHandler(ServingDataPlane plane, BodyBudget bodies, bool enabled, Func<ModelControl?> control)
{
    private const int MostBodyBytes = 4096;

    public async Task HandleAsync(HttpContext http, RestRoute route)
    {
        var loads = route.Target == RestTarget.RepositoryLoad;
        var (model, version) = (route.Model.ToString(), route.Version.ToString());
        try
        {
            if (!enabled)
            {
                await SendAsync(
                    http, StatusCodes.Status403Forbidden, "This server loads and unloads nothing by request; start it with --enable-model-control to allow that.");
                return;
            }

            await RequireNoParametersAsync(http);
            plane.RequireModel(model);
            var repository = control() ?? throw new ServingException(ErrorCode.Unavailable, "The server is starting; try again.");
            await (loads ? repository.LoadAsync(version, http.RequestAborted) : repository.UnloadAsync(version));
            var answer = new ControlAnswer(model, loads ? true : null, loads ? null : true);
            await RestAnswer.SendAsync(
                http, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(answer, ManagementJson.Default.ControlAnswer), http.RequestAborted);
        }
        catch (ModelRejectedException exception)
        {
            await RestAnswer.SendErrorAsync(http, ErrorCode.InvalidArgument, exception.Message);
        }
        catch (TooManyVersionsException exception)
        {
            await SendAsync(http, StatusCodes.Status409Conflict, exception.Message);
        }
        catch (Exception exception) when (RestErrors.Explain(exception, http.RequestAborted) is { } error)
        {
            await RestAnswer.SendErrorAsync(http, error.Code, error.Message);
        }
    }

    // Triton lets a load bring files and a configuration of its own; here a version is what storage holds, and nothing else.
    private async Task RequireNoParametersAsync(HttpContext http)
    {
        using var deadline = new RequestDeadline(plane.RequestTimeout, plane.Clock, http.RequestAborted);
        using var body = await RequestBody.ReadAsync(http, MostBodyBytes, bodies, deadline);
        if (body.Memory.IsEmpty)
        {
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(body.Memory);
            if (json.RootElement.ValueKind == JsonValueKind.Object && Parameters(json.RootElement).FirstOrDefault(name => name != "unload_dependents") is { } name)
            {
                throw ServingException.Invalid($"The parameter {Quote.Of(name)} is not supported: a version is served as storage holds it. Leave it out, or publish another version.");
            }
        }
        catch (JsonException)
        {
            throw ServingException.Invalid("The body must be empty or a JSON object.");
        }
    }

    private static IEnumerable<string> Parameters(JsonElement request) =>
        request.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
            ? parameters.EnumerateObject().Select(parameter => parameter.Name)
            : [];

    private static async Task SendAsync(HttpContext http, int status, string error)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new ErrorAnswer(error), ManagementJson.Default.ErrorAnswer);
        await RestAnswer.SendAsync(http, status, json, http.RequestAborted);
    }
}

/// <summary>One of <paramref name="Load"/> and <paramref name="Unload"/> is true, the other absent.</summary>
internal sealed record ControlAnswer(string Name, bool? Load, bool? Unload);

internal sealed record ErrorAnswer(string Error);
