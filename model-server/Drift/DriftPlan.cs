using System.Runtime.CompilerServices;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Drift;

/// <summary>What is watched of the requests that one loaded version answers, and how often each bin was met since it was loaded.</summary>
internal sealed class DriftPlan
{
    private readonly IReadOnlyList<TensorSpec> _specs;
    private readonly TensorWatch[][] _inputs;
    private readonly TensorWatch[][] _outputs;

    /// <param name="features">Their bins one behind the other, from cell 0 on.</param>
    /// <param name="specs">The served inputs.</param>
    /// <param name="inputs">What watches each of them.</param>
    /// <param name="outputs">What watches each of the served outputs.</param>
    public DriftPlan(IReadOnlyList<DriftFeature> features, IReadOnlyList<TensorSpec> specs, TensorWatch[][] inputs, TensorWatch[][] outputs)
    {
        Features = features;
        Counters = new BatchedCounters(features.Sum(feature => feature.Bins.Count));
        _specs = specs;
        _inputs = inputs;
        _outputs = outputs;
    }

    public IReadOnlyList<DriftFeature> Features { get; }

    /// <summary>One cell a bin.</summary>
    public BatchedCounters Counters { get; }

    /// <summary>Counts what a request brought and what it is answered, row by row. Outputs that it did not ask for are not there.</summary>
    [SkipLocalsInit]
    public void Observe(in InferResult result)
    {
        var call = result.Call;
        var tally = new BinTally(Counters, stackalloc ushort[BinTally.Room]);
        for (var input = 0; input < _inputs.Length; input++)
        {
            if (_inputs[input] is { Length: > 0 } watches)
            {
                Observe(watches, call.Tokens, new OutputTensor(_specs[input], call.Input(input)), ref tally);
            }
        }

        for (var i = 0; i < result.Count; i++)
        {
            if (_outputs[call.Outputs[i]] is { Length: > 0 } watches)
            {
                Observe(watches, call.Tokens, result.Output(i), ref tally);
            }
        }

        tally.Flush();
    }

    /// <summary>Counts rows that nobody asked about.</summary>
    /// <param name="inputs">All of them, in the order of the model.</param>
    /// <param name="outputs">All that are watched, likewise.</param>
    public void Observe(IReadOnlyList<OutputTensor> inputs, IReadOnlyList<OutputTensor> outputs, TokenCounts tokens)
    {
        var tally = new BinTally(Counters, stackalloc ushort[BinTally.Room]);
        foreach (var (watches, tensor) in _inputs.Zip(inputs).Concat(_outputs.Zip(outputs)))
        {
            Observe(watches, tokens, tensor, ref tally);
        }

        tally.Flush();
    }

    private static void Observe(TensorWatch[] watches, TokenCounts tokens, in OutputTensor tensor, ref BinTally tally)
    {
        foreach (var watch in watches)
        {
            watch.Observe(tokens, tensor, ref tally);
        }
    }
}

/// <summary>A feature as metrics and the window tell it.</summary>
/// <param name="Name">That of an output begins with <see cref="BaselineBounds.OutputPrefix"/>.</param>
/// <param name="Expected">The share of the training rows in each bin.</param>
/// <param name="Seasonality">As in <see cref="BaselineFeature"/>.</param>
/// <param name="FirstCell">Where its bins begin among the version's counters.</param>
internal sealed record DriftFeature(string Name, FeatureBins Bins, IReadOnlyList<double> Expected, int FirstCell, string? Seasonality = null)
{
    /// <summary>The same as a time; zero for none.</summary>
    public TimeSpan Season { get; } = GoDuration.TryParse(Seasonality ?? "", out var season) ? season : TimeSpan.Zero;
}
