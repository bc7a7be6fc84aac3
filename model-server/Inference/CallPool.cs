using System.Collections.Concurrent;

namespace Slipway.ModelServer.Inference;

/// <summary>Keeps idle calls, with their native memory, for the next request; frees those that are too large or too many.</summary>
internal sealed class CallPool(ModelSession session) : IDisposable
{
    private static readonly int MostKept = 4 * Environment.ProcessorCount;

    private readonly ConcurrentQueue<InferCall> _idle = new();
    private int _kept;
    private volatile bool _disposed;

    public InferCall Rent()
    {
        if (_idle.TryDequeue(out var call))
        {
            Interlocked.Decrement(ref _kept);
        }

        call ??= new InferCall(session);
        call.Begin();
        return call;
    }

    public void Return(InferCall call)
    {
        if (_disposed || !call.TryReset())
        {
            call.Free();
            return;
        }

        if (Interlocked.Increment(ref _kept) > MostKept)
        {
            Interlocked.Decrement(ref _kept);
            call.Free();
            return;
        }

        _idle.Enqueue(call);
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryDequeue(out var call))
        {
            call.Free();
        }
    }
}
