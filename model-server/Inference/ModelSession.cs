using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>One loaded model: its ONNX Runtime session, what it takes and gives, and the pooled memory of calls to it. Safe for many threads.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly CallPool _calls;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;

    // One of its owner, and one for each call that is out.
    private int _uses = 1;
    private int _disposed;

    private ModelSession(InferenceSession session, IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs)
    {
        _session = session;
        Inputs = inputs;
        Outputs = outputs;
        _inputNames = [.. inputs.Select(input => input.Name)];
        _outputNames = [.. outputs.Select(output => output.Name)];
        _calls = new CallPool(this);
    }

    public IReadOnlyList<TensorSpec> Inputs { get; }

    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <summary>Loads the model from disk; external data is read from beside it. Takes seconds for large models and cannot be cancelled.</summary>
    /// <exception cref="ModelRejectedException">The file is no model that this server can serve.</exception>
    public static ModelSession Load(string modelFile, int intraOpThreads, int interOpThreads)
    {
        var session = Open(modelFile, intraOpThreads, interOpThreads);
        try
        {
            return new ModelSession(session, Signature.Inputs(session), Signature.Outputs(session));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Calls that were rented and are not given back.</summary>
    public int CallsOut => Math.Max(0, Volatile.Read(ref _uses) - (Volatile.Read(ref _disposed) == 0 ? 1 : 0));

    /// <summary>A call to fill, run and dispose.</summary>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public InferCall Rent()
    {
        int uses;
        do
        {
            uses = Volatile.Read(ref _uses);
            ObjectDisposedException.ThrowIf(uses == 0 || Volatile.Read(ref _disposed) != 0, this);
        }
        while (Interlocked.CompareExchange(ref _uses, uses + 1, uses) != uses);
        return _calls.Rent();
    }

    public void Return(InferCall call)
    {
        _calls.Return(call);
        Release();
    }

    /// <summary>
    /// Runs the model on the calling thread. Outputs are those of <see cref="InferCall.Outputs"/> in their order; the caller disposes them.
    /// </summary>
    /// <param name="inputs">In the model's order: the call's own, or those of several calls joined.</param>
    /// <exception cref="OnnxRuntimeException">The run failed, or <paramref name="options"/> ended it.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(InferCall call, IReadOnlyCollection<OrtValue> inputs, RunOptions options) =>
        _session.Run(options, _inputNames, inputs, call.OutputNames(_outputNames));

    /// <summary>Runs a call by itself on the calling thread.</summary>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the run was ended before its next operator.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(InferCall call, CancellationToken cancellationToken)
    {
        using var options = new RunOptions();
        // Disposing waits for a callback that runs, so that none touches the options once they are gone.
        using var ending = cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
        try
        {
            return Run(call, call.InputValues(), options);
        }
        catch (OnnxRuntimeException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The run was ended.", exception, cancellationToken);
        }
    }

    /// <summary>Rents no more calls; what the session holds is freed when the last call is back, since a run may still use it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Release();
        }
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _uses) > 0)
        {
            return;
        }

        _calls.Dispose();
        _session.Dispose();
    }

    private static InferenceSession Open(string modelFile, int intraOpThreads, int interOpThreads)
    {
        OnnxRuntimeEnvironment.Initialize();
        using var options = new SessionOptions
        {
            IntraOpNumThreads = intraOpThreads,
            InterOpNumThreads = interOpThreads,
            ExecutionMode = interOpThreads > 1 ? ExecutionMode.ORT_PARALLEL : ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // A thread that spins for work burns the pod's CPU quota between requests.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        try
        {
            return new InferenceSession(modelFile, options);
        }
        catch (OnnxRuntimeException exception) when (OrtMessage.IsUnknownElementType(exception))
        {
            throw new ModelRejectedException(
                $"{Path.GetFileName(modelFile)} has an input or output whose element type cannot be served, such as a 4-bit integer or an 8-bit float; export it with an element type of the protocol, such as float or int64.",
                exception);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelRejectedException(
                $"{Path.GetFileName(modelFile)} cannot be loaded by ONNX Runtime: {OrtMessage.Of(exception)}. Export the model again and upload it as a new version.",
                exception);
        }
    }
}
