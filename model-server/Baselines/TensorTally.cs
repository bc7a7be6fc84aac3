using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Baselines;

/// <summary>The features of one served tensor.</summary>
internal sealed class TensorTally
{
    private readonly TensorSpec _spec;
    private readonly long[] _rowShape;
    private readonly List<FeatureTally> _features;
    private readonly double[] _sums;
    private long _summed;
    private bool _isSteady = true;

    /// <param name="rowShape">The axes behind the first, as they came.</param>
    /// <param name="text">Counts tokens; null for a tensor that is no text.</param>
    public TensorTally(TensorSpec spec, long[] rowShape, IEnumerable<Figure> figures, TextEncoder? text)
    {
        _spec = spec;
        _rowShape = rowShape;
        _features = [.. figures.Select(figure => FeatureTally.Of(figure, text))];
        _sums = NeedsCentroid ? new double[rowShape.Aggregate(1L, (product, axis) => product * axis)] : [];
    }

    public IEnumerable<string> Names => _features.Select(feature => feature.Figure.Name);

    public bool NeedsCentroid => _features.Exists(IsCosine);

    /// <summary>First pass: all figures but cosines, which need the mean of all rows.</summary>
    public void Sample(OutputTensor tensor, int rows)
    {
        _isSteady &= tensor.Shape is [var count, .. var rest] && count == rows && rest.SequenceEqual(_rowShape);
        if (!_isSteady)
        {
            return;
        }

        Each(tensor, feature => !IsCosine(feature), static (feature, row) => feature.Sample(row));
        if (_sums.Length > 0)
        {
            AddUp(tensor);
        }
    }

    /// <summary>Between the first pass and <see cref="SampleCosines"/>.</summary>
    public void SettleCentroid()
    {
        foreach (var feature in _features.Where(IsCosine))
        {
            feature.Reader.Centroid = [.. _sums.Select(sum => (float)(sum / _summed))];
        }
    }

    public void SampleCosines(OutputTensor tensor)
    {
        if (_isSteady)
        {
            Each(tensor, IsCosine, static (feature, row) => feature.Sample(row));
        }
    }

    /// <summary>Makes the bins.</summary>
    /// <returns>What is left out, and why.</returns>
    public IReadOnlyList<string> Settle()
    {
        if (!_isSteady)
        {
            _features.Clear();
            return [$"{_spec} is left out: its rows are of different shapes"];
        }

        var without = _features.FindAll(feature => !feature.TrySettle());
        _features.RemoveAll(without.Contains);
        return [.. without.Select(feature => $"{feature.Figure.Name} is left out: no row has a value of it")];
    }

    /// <summary>Last pass.</summary>
    public void Count(OutputTensor tensor)
    {
        if (_isSteady)
        {
            Each(tensor, static _ => true, static (feature, row) => feature.Count(row));
        }
    }

    public IEnumerable<BaselineFeature> Results() => _features.Select(feature => feature.Result(_spec));

    private static bool IsCosine(FeatureTally feature) => feature.Figure.Measure == FeatureMeasure.CentroidCosine;

    private void Each(OutputTensor tensor, Predicate<FeatureTally> isMeant, Action<FeatureTally, TensorRow> visit)
    {
        var bytes = tensor.Spec.Datatype == Datatype.Bytes ? [] : tensor.Bytes;
        foreach (var feature in _features)
        {
            for (var row = 0; row < tensor.Shape[0] && isMeant(feature); row++)
            {
                visit(feature, new TensorRow(tensor, bytes, row));
            }
        }
    }

    private void AddUp(OutputTensor tensor)
    {
        for (var row = 0; row < tensor.Shape[0]; row++)
        {
            var elements = new TensorRow(tensor, tensor.Bytes, row);
            var isFinite = true;
            for (var i = 0; i < _sums.Length && isFinite; i++)
            {
                isFinite = double.IsFinite(elements.Number(i));
            }

            // One row with NaN would leave no centroid at all.
            for (var i = 0; i < _sums.Length && isFinite; i++)
            {
                _sums[i] += elements.Number(i);
            }

            _summed += isFinite ? 1 : 0;
        }
    }
}
