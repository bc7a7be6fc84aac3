using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>
/// One call to a model: memory for each input, and which outputs are wanted. Rented from <see cref="ModelSession.Rent"/> and given back
/// with <see cref="Dispose"/>; a transport fills it.
/// </summary>
internal sealed class InferCall : IDisposable
{
    // What a call keeps between requests: more is freed, so that one large request does not hold memory for good.
    private const nuint MostBytesKept = 4 << 20;

    private readonly ModelSession _session;
    private readonly TensorBuffer[] _inputs;
    private readonly bool[] _given;
    private readonly OrtValue[] _values;
    private readonly List<int> _outputs = [];
    private string[]? _outputNames;
    private int _returned = 1;

    public InferCall(ModelSession session)
    {
        _session = session;
        _inputs = [.. session.Inputs.Select(spec => new TensorBuffer(spec))];
        _given = new bool[_inputs.Length];
        _values = new OrtValue[_inputs.Length];
        WantAll();
    }

    public ModelSession Session => _session;

    /// <summary>Indexes of the outputs wanted, in the order in which they are answered; all of the model's when none was asked for.</summary>
    public IReadOnlyList<int> Outputs => _outputs;

    /// <summary>Elements over all inputs.</summary>
    public long Elements { get; private set; }

    public bool IsGiven(int input) => _given[input];

    public TensorBuffer Input(int input) => _inputs[input];

    /// <summary>Makes room for an input and marks it as given.</summary>
    public TensorBuffer Prepare(int input, ReadOnlySpan<long> shape, int count)
    {
        var buffer = _inputs[input];
        buffer.Prepare(shape, count);
        _given[input] = true;
        Elements += count;
        return buffer;
    }

    /// <summary>Asks for these outputs only, each at most once.</summary>
    public void Want(IReadOnlyList<int> outputs)
    {
        _outputs.Clear();
        _outputs.AddRange(outputs);
        _outputNames = [.. outputs.Select(index => _session.Outputs[index].Name)];
    }

    /// <summary>The inputs in the model's order.</summary>
    public IReadOnlyList<OrtValue> InputValues()
    {
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = _inputs[i].Value;
        }

        return _values;
    }

    public IReadOnlyList<string> OutputNames(string[] all) => _outputNames ?? all;

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
        if (_outputNames is not null)
        {
            _outputNames = null;
            WantAll();
        }

        nuint kept = 0;
        foreach (var input in _inputs)
        {
            input.Forget();
            kept += input.Capacity;
        }

        return kept <= MostBytesKept;
    }

    /// <summary>Frees the native memory; the call is not used again.</summary>
    public void Free()
    {
        foreach (var input in _inputs)
        {
            input.Dispose();
        }
    }

    private void WantAll()
    {
        _outputs.Clear();
        _outputs.AddRange(Enumerable.Range(0, _session.Outputs.Count));
    }
}
