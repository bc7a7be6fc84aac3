using System.Diagnostics;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.DataPlane;

/// <summary>
/// One inference request from its headers to its answer: what every transport needs around the run. Disposing it counts it, under the
/// version that answered, and lets the version go.
/// </summary>
internal sealed class InferenceRequest : IDisposable
{
    private readonly ServingDataPlane _plane;
    private readonly Protocol _protocol;
    private readonly RequestTrace? _trace;
    private readonly CancellationToken _aborted;
    private ModelVersion? _target;
    private ErrorCode _ended = ErrorCode.Internal;
    private int _status;
    private string _id = "";

    /// <param name="trace">Ended with the request; null for none.</param>
    public InferenceRequest(ServingDataPlane plane, Protocol protocol, RequestTrace? trace, TimeProvider clock, CancellationToken aborted)
    {
        _plane = plane;
        _protocol = protocol;
        _trace = trace;
        _aborted = aborted;
        Deadline = new RequestDeadline(plane.RequestTimeout, clock, aborted);
        plane.InFlight.Enter();
    }

    public RequestDeadline Deadline { get; }

    /// <summary>Whether anybody is told the id that the client gave it.</summary>
    public bool WantsId => _trace is not null || _plane.Log.IsOn;

    /// <summary>Whether the client has sent all of it and waits for its answer; until then it is the one who is waited for.</summary>
    public bool IsWhole { get; set; }

    /// <summary>The version that the request entered.</summary>
    public ModelVersion Target => _target ?? throw new InvalidOperationException("The request has entered no version.");

    /// <summary>Finds the version that is asked for and enters it; before anything of the body is read.</summary>
    /// <exception cref="ServingException">Nothing of this name is served here, it is not loaded, or it has too much to do.</exception>
    public ModelVersion Enter(ReadOnlySpan<char> model, ReadOnlySpan<char> version)
    {
        _target = _plane.Enter(model, version);
        _target.Admit(Deadline);
        return _target;
    }

    /// <exception cref="ServingException">The model refused its input, or failed.</exception>
    /// <exception cref="OperationCanceledException">The deadline came, or the client went away.</exception>
    public ValueTask<InferResult> RunAsync(InferCall call)
    {
        IsWhole = true;
        if (Deadline.IsOver)
        {
            // It would cost a run for nobody.
            throw new OperationCanceledException(Deadline.Token);
        }

        return _trace is { IsRecorded: true } ? RunTracedAsync(call, _trace) : _plane.RunAsync(Target, call, Deadline);
    }

    /// <summary>Says the id that the client gave it; see <see cref="RequestId"/>.</summary>
    public void Identify(string id) => _id = id;

    /// <summary>Says how the request ended; the last word counts.</summary>
    /// <param name="status">As the protocol tells it.</param>
    public void End(ErrorCode code, int status) => (_ended, _status) = (code, status);

    /// <summary>
    /// Puts what went wrong into our words, as far as it is not the transport's own. Null for what nobody foresaw, which is the caller's
    /// to log.
    /// </summary>
    public ServingException? Explain(Exception exception) => exception switch
    {
        ServingException known => known,
        _ when _aborted.IsCancellationRequested => new(ErrorCode.Cancelled, "The client went away.", exception),
        OperationCanceledException when Deadline.IsOver => new(
            ErrorCode.DeadlineExceeded,
            $"The request took longer than {Deadline.Limit.TotalSeconds} s, the most that {(Deadline.Limit < _plane.RequestTimeout ? "it asked for" : "this server allows")}.",
            exception),
        _ => null,
    };

    public void Dispose()
    {
        var elapsed = Deadline.Elapsed;
        var version = _target?.Version ?? "";
        (_target?.Metrics ?? _plane.Unplaced).Requested(_protocol, _ended, elapsed, IsWhole);
        _plane.Log.Ended(_protocol, _id, _plane.Model, version, _ended, elapsed, _trace?.Id ?? "");
        _trace?.End(_plane.Model, version, _id, _ended, _status);
        _target?.Leave();
        Deadline.Dispose();
        _plane.InFlight.Leave();
    }

    private async ValueTask<InferResult> RunTracedAsync(InferCall call, RequestTrace trace)
    {
        var asked = Stopwatch.GetTimestamp();
        try
        {
            return await _plane.RunAsync(Target, call, Deadline);
        }
        finally
        {
            trace.Ran(asked, call.Tokenized, call.RunBegan, _plane.Clock);
        }
    }
}
