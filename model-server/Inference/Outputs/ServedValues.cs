using System.Collections;
using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference.Outputs;

/// <summary>Served tensors: the graph's own and those made of them, freed together.</summary>
internal sealed class ServedValues(IDisposable given) : IDisposableReadOnlyCollection<OrtValue>
{
    private readonly List<OrtValue> _values = [];
    private readonly List<OrtValue> _made = [];

    public int Count => _values.Count;

    public OrtValue this[int index] => _values[index];

    public void Add(OrtValue source, IOutputMaker? maker)
    {
        var value = source;
        if (maker is not null)
        {
            value = maker.Make(source);
            _made.Add(value);
        }

        _values.Add(value);
    }

    public IEnumerator<OrtValue> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var made in _made)
        {
            made.Dispose();
        }

        given.Dispose();
    }
}
