using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>One loaded model: its ONNX Runtime session, what it takes and gives, and the pooled memory of calls to it. Safe for many threads.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly CallPool _calls;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;

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

    /// <summary>A call to fill, run and dispose.</summary>
    public InferCall Rent() => _calls.Rent();

    public void Return(InferCall call) => _calls.Return(call);

    /// <summary>
    /// Runs the model on the calling thread. Outputs are those of <see cref="InferCall.Outputs"/> in their order; the caller disposes them.
    /// </summary>
    /// <param name="inputs">In the model's order: the call's own, or those of several calls joined.</param>
    /// <exception cref="OnnxRuntimeException">The run failed, or <paramref name="options"/> ended it.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(InferCall call, IReadOnlyCollection<OrtValue> inputs, RunOptions? options = null) =>
        _session.Run(options ?? _runOptions, _inputNames, inputs, call.OutputNames(_outputNames));

    public void Dispose()
    {
        _calls.Dispose();
        _runOptions.Dispose();
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
        catch (OnnxRuntimeException exception)
        {
            throw new ModelRejectedException(
                $"{Path.GetFileName(modelFile)} cannot be loaded by ONNX Runtime: {OrtMessage.Of(exception)}. Export the model again and upload it as a new version.",
                exception);
        }
    }
}
