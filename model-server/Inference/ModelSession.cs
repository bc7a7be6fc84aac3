using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Inference.Outputs;
using Slipway.ModelServer.OnnxFiles;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Inference;

/// <summary>One loaded model: its ONNX Runtime session, what it takes and gives, and the pooled memory of calls to it. Safe for many threads.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly CallPool _calls;
    private readonly string[] _inputNames;
    private readonly IReadOnlyList<ServedOutput> _served;

    // Until the model turns out to give other shapes than it says.
    private volatile bool _suitsOwnOutputs;

    // One of its owner, and one for each call that is out.
    private int _uses = 1;
    private int _disposed;

    private ModelSession(InferenceSession session, IReadOnlyList<TensorSpec> graphInputs, Pipeline pipeline)
    {
        _session = session;
        _served = pipeline.Outputs;
        Text = pipeline.Text;
        Inputs = pipeline.Inputs;
        GraphInputs = graphInputs;
        Outputs = [.. pipeline.Outputs.Select(output => output.Spec)];
        AllOutputs = new OutputSelection(_served, [.. Enumerable.Range(0, Outputs.Count)]);
        _suitsOwnOutputs = _served.All(output => output.Maker is null) && OwnOutputs.Suit(graphInputs, Outputs);
        _inputNames = [.. graphInputs.Select(input => input.Name)];
        _calls = new CallPool(this);
    }

    /// <summary>What clients send.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>What the graph takes; <see cref="Inputs"/> unless the model takes text.</summary>
    public IReadOnlyList<TensorSpec> GraphInputs { get; }

    /// <summary>What clients are answered.</summary>
    public IReadOnlyList<TensorSpec> Outputs { get; }

    public OutputSelection AllOutputs { get; }

    /// <summary>Turns the texts of a call into what the graph takes; null when clients send that themselves.</summary>
    public TextEncoder? Text { get; }

    /// <summary>Loads the model from disk; external data is read from beside it. Takes seconds for large models and cannot be cancelled.</summary>
    /// <param name="shape">What is put around the graph; null serves it as it is.</param>
    /// <exception cref="ModelRejectedException">The file is no model that this server can serve.</exception>
    public static ModelSession Load(string modelFile, SessionSettings settings, Func<Signature, Pipeline>? shape = null)
    {
        var outline = MappedModel.Read(modelFile, GraphOutlineReader.Read);
        Signature.RequireServable(outline);
        var session = SessionOpener.Open(modelFile, settings);
        try
        {
            var signature = Learnt(session, Signature.Of(session, outline));
            return new ModelSession(session, signature.Inputs, (shape ?? Pipeline.Of)(signature));
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

    public OutputSelection Select(int[] outputs) => new(_served, outputs);

    /// <summary>
    /// Runs the model on the calling thread. Outputs are those of <see cref="InferCall.Outputs"/> in their order; the caller disposes them.
    /// </summary>
    /// <param name="inputs">The graph's, in its order: the call's own, or those of several calls joined.</param>
    /// <exception cref="OnnxRuntimeException">The run failed, or <paramref name="options"/> ended it.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(InferCall call, IReadOnlyCollection<OrtValue> inputs, RunOptions options) =>
        call.Selection.Serve(_session.Run(options, _inputNames, inputs, call.Selection.GraphNames));

    /// <summary>Runs a call by itself on the calling thread, into memory of the call's own if the model allows that.</summary>
    /// <param name="rows">Rows that all of its inputs have; 0 when they have none in common.</param>
    /// <returns>Let go of before the call is.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed, or <paramref name="options"/> ended it.</exception>
    public IRunOutputs RunAlone(InferCall call, long rows, RunOptions options)
    {
        if (!_suitsOwnOutputs || rows == 0 || call.Selection != AllOutputs || !call.OwnOutputs.TryPrepare(rows, out var values))
        {
            return new RunOutputs(Run(call, call.InputValues(), options), users: 1);
        }

        try
        {
            _session.Run(options, _inputNames, call.InputValues(), AllOutputs.GraphNames, values);
            return call.OwnOutputs;
        }
        catch (OnnxRuntimeException) when (!options.Terminate)
        {
            // If the input is to blame, it fails again.
            var given = Run(call, call.InputValues(), options);
            _suitsOwnOutputs = false;
            return new RunOutputs(given, users: 1);
        }
    }

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

    /// <summary>Tries maps whose keys the file does not tell on made-up rows; a model that refuses those serves them as JSON.</summary>
    private static Signature Learnt(InferenceSession session, Signature signature)
    {
        if (signature.Outputs.All(output => output.Maker is not JsonOfMaps))
        {
            return signature;
        }

        using var options = new RunOptions();
        var trial = new ModelSession(session, signature.Inputs, Pipeline.Of(signature));
        try
        {
            using var call = trial.Rent();
            if (SampleRows.Fill(call, firstRow: 0, rows: 4) is not null)
            {
                return signature;
            }

            using var given = session.Run(options, trial._inputNames, call.InputValues(), trial.AllOutputs.GraphNames);
            return signature with
            {
                Outputs = [.. signature.Outputs.Select((output, i) => output.Maker is JsonOfMaps ? MapOutputs.Learn(output, given[i]) : output)],
            };
        }
        catch (OnnxRuntimeException)
        {
            return signature;
        }
        finally
        {
            // The runtime's session is not its own.
            trial._calls.Dispose();
        }
    }
}
