using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Inference;

/// <summary>
/// Decides where a call runs. A call that is expected to take less than <see cref="InlineLimit"/> runs at once on the request's thread,
/// since a hand-over would cost more than it saves; of heavier ones, as many run at a time as there are cores for their threads.
/// </summary>
internal sealed class InferenceGate(ModelSession session, int permits, TimeSpan inlineLimit) : IDisposable
{
    /// <summary>Below this, handing a call over costs more (5-16 µs) than keeping the cores apart gains; see <c>tests/Benchmarks</c>.</summary>
    public static readonly TimeSpan InlineLimit = TimeSpan.FromMicroseconds(100);

    /// <summary>Calls that wait for a permit; more are refused, so that memory and waiting stay bounded.</summary>
    public const int MostWaiting = 1024;

    private readonly SemaphoreSlim _permits = new(permits, permits);
    private int _waiting;
    private double _secondsPerElement = double.PositiveInfinity;

    public static int PermitsFor(int intraOpThreads) => Math.Max(1, Environment.ProcessorCount / intraOpThreads);

    /// <summary>Tells the gate what a call of this size took. Unknown cost counts as heavy.</summary>
    public void Learn(TimeSpan duration, long elements) => _secondsPerElement = duration.TotalSeconds / Math.Max(1, elements);

    public bool RunsInline(InferCall call) => Math.Max(1, call.Elements) * _secondsPerElement < inlineLimit.TotalSeconds;

    /// <summary>Runs on the calling thread, when its turn has come. A run that is cancelled is ended inside ONNX Runtime.</summary>
    /// <exception cref="ServingException"><c>ResourceExhausted</c> when too many calls wait.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled while waiting or running.</exception>
    public async ValueTask<InferResult> RunAsync(InferCall call, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            using var options = new RunOptions();
            await using var ending = cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
            return Timed(call, options);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            _permits.Release();
        }
    }

    public InferResult RunInline(InferCall call) => Timed(call, options: null);

    public void Dispose() => _permits.Dispose();

    private InferResult Timed(InferCall call, RunOptions? options)
    {
        var start = Stopwatch.GetTimestamp();
        var outputs = session.Run(call, options);
        return new InferResult(call, outputs, Stopwatch.GetElapsedTime(start));
    }

    private async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        if (_permits.Wait(0, CancellationToken.None))
        {
            return;
        }

        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ServingException(
                ErrorCode.ResourceExhausted, $"{MostWaiting} requests are waiting for the model already; try again later or add replicas.");
        }

        try
        {
            await _permits.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
