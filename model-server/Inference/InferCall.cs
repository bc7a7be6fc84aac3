using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Inference.Outputs;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Inference;

/// <summary>
/// One call to a model: memory for each input, and which outputs are wanted. Rented from <see cref="ModelSession.Rent"/> and given back
/// with <see cref="Dispose"/>; a transport fills it. Where the graph takes what clients send, both name the same memory.
/// </summary>
internal sealed class InferCall : IDisposable
{
    // What a call keeps between requests: more is freed, so that one large request does not hold memory for good.
    private const nuint MostBytesKept = 4 << 20;

    private readonly ModelSession _session;
    private readonly TensorBuffer[] _inputs;
    private readonly TensorBuffer[] _graphInputs;
    private readonly bool[] _given;
    private readonly OrtValue[] _values;
    private OwnOutputs? _ownOutputs;
    private int _returned = 1;

    public InferCall(ModelSession session)
    {
        _session = session;
        _inputs = [.. session.Inputs.Select(spec => new TensorBuffer(spec))];
        _graphInputs = session.Text is null ? _inputs : [.. session.GraphInputs.Select(GraphBuffer)];
        _given = new bool[_inputs.Length];
        _values = new OrtValue[_graphInputs.Length];
        Selection = session.AllOutputs;
    }

    public ModelSession Session => _session;

    /// <summary>Indexes of the outputs wanted, in the order in which they are answered; all of the model's when none was asked for.</summary>
    public IReadOnlyList<int> Outputs => Selection.Wanted;

    public OutputSelection Selection { get; private set; }

    /// <summary>What its texts became; empty unless <see cref="TextEncoder.CountsTokens"/>.</summary>
    public TokenCounts Tokens { get; } = new();

    /// <summary>Elements over all inputs.</summary>
    public long Elements { get; private set; }

    /// <summary>When its texts had become tokens, as <see cref="System.Diagnostics.Stopwatch"/> counts; 0 before, and where there are none.</summary>
    public long Tokenized { get; set; }

    /// <summary>When the model began to run it, as <see cref="System.Diagnostics.Stopwatch"/> counts; 0 before.</summary>
    public long RunBegan { get; set; }

    /// <summary>Memory for the model's outputs; only for a model that <see cref="OwnOutputs.Suit"/>.</summary>
    public OwnOutputs OwnOutputs => _ownOutputs ??= new OwnOutputs(_session.Outputs);

    public bool IsGiven(int input) => _given[input];

    public TensorBuffer Input(int input) => _inputs[input];

    /// <summary>What the graph is given; the same as <see cref="Input"/> unless the model takes text.</summary>
    public TensorBuffer GraphInput(int input) => _graphInputs[input];

    /// <summary>Makes room for an input and marks it as given.</summary>
    public TensorBuffer Prepare(int input, ReadOnlySpan<long> shape, int count)
    {
        var buffer = _inputs[input];
        buffer.Prepare(shape, count);
        _given[input] = true;
        Elements += count;
        return buffer;
    }

    /// <summary>Makes room for what the graph is given.</summary>
    public TensorBuffer PrepareGraph(int input, ReadOnlySpan<long> shape, int count)
    {
        _graphInputs[input].Prepare(shape, count);
        return _graphInputs[input];
    }

    /// <summary>Asks for these outputs only, each at most once.</summary>
    public void Want(IReadOnlyList<int> outputs) => Selection = _session.Select([.. outputs]);

    /// <summary>The graph's inputs in its order.</summary>
    public IReadOnlyList<OrtValue> InputValues()
    {
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = _graphInputs[i].Value;
        }

        return _values;
    }

    /// <summary>Gives the call back to its session; more than once is harmless.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
        {
            _session.Return(this);
        }
    }

    /// <summary>Starts the use that <see cref="Dispose"/> ends.</summary>
    public void Begin() => Volatile.Write(ref _returned, 0);

    /// <summary>Makes the call ready for the next request.</summary>
    /// <returns>False when it holds more memory than is worth keeping.</returns>
    public bool TryReset()
    {
        Array.Clear(_given);
        Elements = 0;
        (Tokenized, RunBegan) = (0, 0);
        Tokens.Clear();
        Selection = _session.AllOutputs;
        return Forget(_inputs) + (_graphInputs == _inputs ? 0 : Forget(_graphInputs)) + (_ownOutputs?.Capacity ?? 0) <= MostBytesKept;
    }

    /// <summary>Frees the native memory; the call is not used again.</summary>
    public void Free()
    {
        foreach (var input in _inputs.Concat(_graphInputs))
        {
            input.Dispose();
        }

        _ownOutputs?.Dispose();
    }

    private static nuint Forget(TensorBuffer[] inputs)
    {
        nuint kept = 0;
        foreach (var input in inputs)
        {
            input.Forget();
            kept += input.Capacity;
        }

        return kept;
    }

    // What clients send as the graph takes it is not copied.
    private TensorBuffer GraphBuffer(TensorSpec spec)
    {
        for (var i = 0; i < _session.Inputs.Count; i++)
        {
            if (ReferenceEquals(_session.Inputs[i], spec))
            {
                return _inputs[i];
            }
        }

        return new TensorBuffer(spec);
    }
}
