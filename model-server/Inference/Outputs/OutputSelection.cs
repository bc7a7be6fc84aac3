using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference.Outputs;

/// <summary>Which outputs a call wants, and which of the graph's they come from, each asked for once.</summary>
internal sealed class OutputSelection
{
    private readonly IReadOnlyList<ServedOutput> _all;
    private readonly int[] _sources;
    private readonly bool _makes;

    public OutputSelection(IReadOnlyList<ServedOutput> all, int[] wanted)
    {
        _all = all;
        Wanted = wanted;
        var names = new List<string>();
        _sources = new int[wanted.Length];
        for (var i = 0; i < wanted.Length; i++)
        {
            var output = all[wanted[i]];
            var source = names.IndexOf(output.GraphName);
            if (source < 0)
            {
                source = names.Count;
                names.Add(output.GraphName);
            }

            _sources[i] = source;
            _makes |= output.Maker is not null;
        }

        GraphNames = names;
    }

    /// <summary>Indexes of the served outputs, in the order in which they are answered.</summary>
    public IReadOnlyList<int> Wanted { get; }

    /// <summary>The outputs to ask the graph for.</summary>
    public IReadOnlyCollection<string> GraphNames { get; }

    /// <summary>Turns what the graph gave for <see cref="GraphNames"/> into what is wanted. Takes it over, also when it fails.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Serve(IDisposableReadOnlyCollection<OrtValue> given)
    {
        if (!_makes)
        {
            return given;
        }

        var served = new ServedValues(given);
        try
        {
            for (var i = 0; i < Wanted.Count; i++)
            {
                served.Add(given[_sources[i]], _all[Wanted[i]].Maker);
            }

            return served;
        }
        catch
        {
            served.Dispose();
            throw;
        }
    }
}
