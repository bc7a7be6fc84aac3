using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>Runs a model on zeros before anybody asks, so that the first request is not the slow one, and learns what a call costs.</summary>
internal static class WarmUp
{
    private const int Runs = 5;

    // Zeros for every dynamic axis taken as 1 can still be a gigabyte when a model states huge fixed axes.
    private const long MostElements = 64 << 20;

    /// <returns>Null when it went well, else a sentence: synthetic zeros are no input for every model, so this is no verdict on it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; a run that goes on and on is ended by it.</exception>
    public static string? Run(ModelSession session, InferenceGate gate, CancellationToken cancellationToken)
    {
        using var call = session.Rent();
        for (var i = 0; i < session.Inputs.Count; i++)
        {
            var spec = session.Inputs[i];
            long[] shape = [.. spec.Shape.Select(axis => axis < 0 ? 1 : axis)];
            var count = shape.Aggregate(1L, (product, axis) => product > MostElements ? product : product * axis);
            if (count > MostElements)
            {
                return $"The model was not warmed up: {spec} is larger than {MostElements} elements.";
            }

            var buffer = call.Prepare(i, shape, (int)count);
            if (spec.Datatype != Datatype.Bytes)
            {
                buffer.Clear();
            }
        }

        try
        {
            gate.Learn(Fastest(session, call, cancellationToken), call.Elements);
            return null;
        }
        catch (OnnxRuntimeException exception)
        {
            return $"The model was not warmed up: it refused a call of zeros ({OrtMessage.Of(exception)}).";
        }
    }

    private static TimeSpan Fastest(ModelSession session, InferCall call, CancellationToken cancellationToken)
    {
        var fastest = TimeSpan.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            session.Run(call, cancellationToken).Dispose();
            var took = Stopwatch.GetElapsedTime(start);
            fastest = took < fastest ? took : fastest;
            if (took > TimeSpan.FromSeconds(1))
            {
                break; // a heavy model is warm, and known as heavy, after one run
            }
        }

        return fastest;
    }
}
