using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.DataPlane;

/// <summary>What every transport does, once: find the version that is asked for, run a call on it, put errors into our words.</summary>
internal sealed class ServingDataPlane(string model, string version, ServerLifecycle lifecycle, ServerMetrics metrics, TimeSpan requestTimeout)
{
    public string Model => model;

    public string Version => version;

    public TimeSpan RequestTimeout => requestTimeout;

    public ServerLifecycle Lifecycle => lifecycle;

    /// <exception cref="ServingException">Nothing of this name is served here, or it is not loaded yet.</exception>
    public ModelVersion Find(ReadOnlySpan<char> askedModel, ReadOnlySpan<char> askedVersion)
    {
        RequireKnown(askedModel, askedVersion);
        return lifecycle.Serving
            ?? throw new ServingException(ErrorCode.Unavailable, $"Model '{model}' version '{version}' is not loaded yet; try again later.");
    }

    /// <summary>Empty <paramref name="askedVersion"/> means whichever is served.</summary>
    public void RequireKnown(ReadOnlySpan<char> askedModel, ReadOnlySpan<char> askedVersion)
    {
        if (!askedModel.SequenceEqual(model))
        {
            throw new ServingException(
                ErrorCode.NotFound, $"There is no model {Quote.Of(askedModel.ToString())} here; this server serves '{model}'.");
        }

        if (!askedVersion.IsEmpty && !askedVersion.SequenceEqual(version))
        {
            throw new ServingException(
                ErrorCode.NotFound, $"Model '{model}' has no version {Quote.Of(askedVersion.ToString())} here; this server serves version '{version}'.");
        }
    }

    /// <summary>Runs a call on the calling thread, when its turn has come; cancelling ends the wait and the run.</summary>
    /// <exception cref="ServingException">The model refused its input, or failed; or too many calls wait.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<InferResult> InferAsync(ModelVersion target, InferCall call, CancellationToken cancellationToken)
    {
        try
        {
            var result = await target.Gate.RunAsync(call, cancellationToken);
            metrics.Inferred(result.Duration);
            return result;
        }
        catch (OnnxRuntimeException exception)
        {
            throw Failed(exception);
        }
    }

    private ServingException Failed(OnnxRuntimeException exception) => OrtMessage.BlamesInput(exception)
        ? new ServingException(ErrorCode.InvalidArgument, $"Model '{model}' refused its input: {OrtMessage.Of(exception)}.", exception)
        : new ServingException(ErrorCode.Internal, $"Model '{model}' failed on this input: {OrtMessage.Of(exception)}.", exception);
}
