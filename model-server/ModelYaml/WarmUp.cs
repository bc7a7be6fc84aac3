using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.ModelYaml;

/// <summary>Runs the requests of <c>model.yaml</c> before anybody asks, so that a model which cannot answer them is never ready.</summary>
internal static class WarmUp
{
    private const long MostFileBytes = 64 << 20;

    /// <param name="folder">The version's.</param>
    /// <exception cref="ModelRejectedException">A request fails; the message has its error.</exception>
    public static void Run(ModelSession session, IReadOnlyList<WarmUpConfig> requests, string folder, RequestLimits limits, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            try
            {
                Run(session, request.File.Length > 0 ? ReadFile(Path.Combine(folder, request.File), request.File) : request.Json, limits, cancellationToken);
            }
            catch (Exception exception) when (exception is ServingException or OnnxRuntimeException or IOException)
            {
                var said = exception is OnnxRuntimeException ? $"the model failed: {OrtMessage.Of(exception)}" : exception.Message;
                throw ModelConfigFile.Rejected([$"{request.Where}: {said}"]);
            }
        }
    }

    private static void Run(ModelSession session, byte[] body, RequestLimits limits, CancellationToken cancellationToken)
    {
        using var call = session.Rent();
        InferRequestReader.Read(new RequestParts(body, [], limits), call);
        session.Text?.Encode(call);
        session.Run(call, cancellationToken).Dispose();
    }

    private static byte[] ReadFile(string path, string name)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MostFileBytes)
        {
            throw new IOException(file.Exists
                ? $"'{name}' is {file.Length} bytes long; at most {MostFileBytes} are read"
                : $"there is no file '{name}' in the version's folder");
        }

        return File.ReadAllBytes(path);
    }
}
