using System.Text;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.DataPlane;

/// <summary>
/// A version that is loaded, warmed up and ready to answer. Requests enter and leave it; once retired it takes no more of them and frees its
/// memory when the last one leaves.
/// </summary>
internal sealed class ModelVersion(
    string model, string version, string digest, ModelSession session, CallScheduler scheduler, Admission admission, VersionMetrics metrics)
{
    private const long Retired = 1L << 62;

    private readonly byte[] _utf8Model = Encoding.UTF8.GetBytes(model);
    private readonly byte[] _utf8Version = Encoding.UTF8.GetBytes(version);
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Requests inside, plus Retired.
    private long _inside;

    public string Model => model;

    public string Version => version;

    public ReadOnlySpan<byte> Utf8Model => _utf8Model;

    public ReadOnlySpan<byte> Utf8Version => _utf8Version;

    /// <summary><c>sha256:…</c> of the bytes that were loaded.</summary>
    public string Digest => digest;

    /// <summary>What people call the model; empty when <c>model.yaml</c> does not say.</summary>
    public string DisplayName { get; init; } = "";

    public ModelSession Session => session;

    public CallScheduler Scheduler => scheduler;

    public VersionMetrics Metrics => metrics;

    /// <summary>Requests inside.</summary>
    public long Inside => Interlocked.Read(ref _inside) & (Retired - 1);

    /// <summary>Refuses a request that is inside and could not be answered in time.</summary>
    /// <exception cref="ServingException"><c>ResourceExhausted</c></exception>
    public void Admit(RequestDeadline deadline) => admission.Require(Inside, deadline.Left);

    /// <returns>False when the version is retired; else <see cref="Leave"/> is owed.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) < Retired)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _inside) == Retired)
        {
            // A request that meets a retired version goes in and out again, so that this can be reached more than once.
            _empty.TrySetResult();
        }
    }

    /// <summary>Takes no request any more, waits for those inside, and frees the memory. Call once.</summary>
    public async Task RetireAsync()
    {
        if (Interlocked.Add(ref _inside, Retired) == Retired)
        {
            _empty.TrySetResult();
        }

        await _empty.Task;
        scheduler.Dispose();
        session.Dispose();
        NativeHeap.Trim();
    }
}
