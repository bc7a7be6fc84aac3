using System.Diagnostics;
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

    private const int RunsRemembered = 16;

    // Ten times the limit is no hiccup of the machine: the call cost more than was expected of it.
    private readonly TimeSpan _surprise = 10 * inlineLimit;
    private readonly SemaphoreSlim _permits = new(permits, permits);
    private int _waiting;
    private double _secondsPerElement = double.PositiveInfinity;

    public static int PermitsFor(int intraOpThreads) => Math.Max(1, Environment.ProcessorCount / intraOpThreads);

    /// <summary>Tells the gate what a call of this size took. Unknown cost counts as heavy.</summary>
    public void Learn(TimeSpan duration, long elements) => Volatile.Write(ref _secondsPerElement, duration.TotalSeconds / Math.Max(1, elements));

    public bool RunsInline(InferCall call) => Math.Max(1, call.Elements) * Volatile.Read(ref _secondsPerElement) < inlineLimit.TotalSeconds;

    /// <summary>Runs on the calling thread, when its turn has come. A run that is cancelled is ended inside ONNX Runtime.</summary>
    /// <exception cref="ServingException"><c>ResourceExhausted</c> when too many calls wait.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled while waiting or running.</exception>
    public async ValueTask<InferResult> RunAsync(InferCall call, CancellationToken cancellationToken)
    {
        if (RunsInline(call))
        {
            return Run(call, isInline: true, cancellationToken);
        }

        await EnterAsync(cancellationToken);
        try
        {
            return Run(call, isInline: false, cancellationToken);
        }
        finally
        {
            _permits.Release();
        }
    }

    public void Dispose() => _permits.Dispose();

    private InferResult Run(InferCall call, bool isInline, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            return new InferResult(call, session.Run(call, cancellationToken), Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            Correct(Stopwatch.GetElapsedTime(start), Math.Max(1, call.Elements), isInline);
        }
    }

    // What a call costs can depend on its values, of which the warm-up knows nothing: one that was heavier than expected makes the next ones
    // queue, and light ones lead back by and by. What goes as expected writes nothing, so that cores do not contend for the estimate.
    private void Correct(TimeSpan took, long elements, bool wasInline)
    {
        var seen = took.TotalSeconds / elements;
        var expected = Volatile.Read(ref _secondsPerElement);
        if (wasInline && took > _surprise)
        {
            Volatile.Write(ref _secondsPerElement, Math.Max(expected, seen));
        }
        else if (!wasInline && took < inlineLimit)
        {
            expected = double.IsFinite(expected) ? expected : inlineLimit.TotalSeconds;
            Volatile.Write(ref _secondsPerElement, expected + ((seen - expected) / RunsRemembered));
        }
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
