using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.DataPlane;

/// <summary>What every transport does, once: find the version that is asked for, admit a request to it, run its call, put errors into our words.</summary>
internal sealed class ServingDataPlane(
    string model, VersionTable versions, ServerLifecycle lifecycle, InFlight inFlight, VersionMetrics unplaced, TimeSpan requestTimeout, TimeProvider clock)
{
    private const int MostNamed = 8;

    public string Model => model;

    public VersionTable Versions => versions;

    public ServerLifecycle Lifecycle => lifecycle;

    public InFlight InFlight => inFlight;

    /// <summary>Where requests are counted that reached no version.</summary>
    public VersionMetrics Unplaced => unplaced;

    public TimeSpan RequestTimeout => requestTimeout;

    public TimeProvider Clock => clock;

    /// <summary>What one request may hold.</summary>
    public RequestLimits Limits { get; init; } = new();

    /// <summary>Where requests are told that are over.</summary>
    public required RequestLog Log { get; init; }

    /// <summary>Begins a request; dispose it when it is answered.</summary>
    /// <param name="trace">Ended with the request; null for none.</param>
    public InferenceRequest Begin(Protocol protocol, RequestTrace? trace, CancellationToken aborted) => new(this, protocol, trace, clock, aborted);

    /// <summary>The caller owes <see cref="ModelVersion.Leave"/>.</summary>
    /// <param name="askedVersion">Empty asks for the newest.</param>
    /// <exception cref="ServingException">Nothing of this name is served here, or it is not loaded.</exception>
    public ModelVersion Enter(ReadOnlySpan<char> askedModel, ReadOnlySpan<char> askedVersion)
    {
        RequireModel(askedModel);
        if (versions.TryEnter(askedVersion, out var known) is { } loaded)
        {
            return loaded;
        }

        throw known || askedVersion.IsEmpty
            ? new ServingException(ErrorCode.Unavailable, $"{Asked(askedVersion)} is not loaded; try again later.")
            : UnknownVersion(askedVersion);
    }

    /// <summary>Whether the version, or any when none is named, answers requests now.</summary>
    /// <exception cref="ServingException">There is no such model or version.</exception>
    public bool IsReady(ReadOnlySpan<char> askedModel, ReadOnlySpan<char> askedVersion)
    {
        RequireModel(askedModel);
        var known = askedVersion.IsEmpty;
        foreach (var entry in versions.Entries)
        {
            if (askedVersion.IsEmpty || askedVersion.SequenceEqual(entry.Version))
            {
                known = true;
                if (entry.State == VersionState.Ready)
                {
                    return lifecycle.IsReady;
                }
            }
        }

        return known ? false : throw UnknownVersion(askedVersion);
    }

    /// <exception cref="ServingException">There is no such model.</exception>
    public void RequireModel(ReadOnlySpan<char> asked)
    {
        if (!asked.SequenceEqual(model))
        {
            throw new ServingException(
                ErrorCode.NotFound, $"There is no model {Quote.Of(asked.ToString())} here; this server serves '{model}'.");
        }
    }

    /// <exception cref="ServingException">The model refused its input, or failed.</exception>
    /// <exception cref="OperationCanceledException">The deadline came, or the client went away.</exception>
    public ValueTask<InferResult> RunAsync(ModelVersion target, InferCall call, RequestDeadline deadline)
    {
        try
        {
            var running = target.Scheduler.RunAsync(call, deadline);
            return running.IsCompletedSuccessfully ? running : WaitAsync(running);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Failed(exception);
        }
    }

    private async ValueTask<InferResult> WaitAsync(ValueTask<InferResult> running)
    {
        try
        {
            return await running;
        }
        catch (OnnxRuntimeException exception)
        {
            throw Failed(exception);
        }
    }

    private string Asked(ReadOnlySpan<char> version) => version.IsEmpty ? $"Model '{model}'" : $"Model '{model}' version '{version}'";

    private ServingException UnknownVersion(ReadOnlySpan<char> asked)
    {
        var known = string.Join(", ", versions.Entries.Take(MostNamed).Select(entry => $"'{entry.Version}'"));
        return new(
            ErrorCode.NotFound,
            $"Model '{model}' has no version {Quote.Of(asked.ToString())} here; this server serves {(known.Length > 0 ? $"version {known}" : "none yet")}.");
    }

    private ServingException Failed(OnnxRuntimeException exception) => OrtMessage.BlamesInput(exception)
        ? new ServingException(ErrorCode.InvalidArgument, $"Model '{model}' refused its input: {OrtMessage.Of(exception)}.", exception)
        : new ServingException(ErrorCode.Internal, $"Model '{model}' failed on this input: {OrtMessage.Of(exception)}.", exception);
}
