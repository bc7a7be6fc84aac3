using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Baselines;

/// <summary>Makes one feature: first its bins of a sample of all rows, then the share of all rows in each of them.</summary>
internal abstract class FeatureTally(Figure figure, TextEncoder? text)
{
    /// <summary>More hides little: a share is floored at a ten-thousandth before it is compared.</summary>
    private const int RatioDigits = 6;

    private long[] _counts = [];

    public Figure Figure => figure;

    public FigureReader Reader { get; } = new(figure, text);

    protected abstract FeatureBins? Bins { get; }

    public static FeatureTally Of(Figure figure, TextEncoder? text) => figure.Kind switch
    {
        FeatureKind.Numeric => new NumericTally(figure, text),
        FeatureKind.Categorical => new CategoricalTally(figure, text),
        _ => throw new ArgumentOutOfRangeException(nameof(figure), figure.Kind, "is no kind of feature"),
    };

    public abstract void Sample(TensorRow row);

    /// <summary>Ends the sample.</summary>
    /// <returns>False when no row has the figure, of which nothing can be watched then.</returns>
    public bool TrySettle()
    {
        Settle();
        _counts = new long[Bins?.Count ?? 0];
        return Bins is not null;
    }

    public void Count(TensorRow row) => _counts[BinOf(row)]++;

    public BaselineFeature Result(TensorSpec tensor)
    {
        double rows = _counts.Sum();
        return Describe(new BaselineFeature
        {
            Name = figure.Name,
            Kind = figure.Kind,
            Tensor = tensor.Name,
            Datatype = tensor.Datatype,
            Measure = figure.Measure,
            Column = figure.Column,
            Centroid = figure.Measure == FeatureMeasure.CentroidCosine ? Reader.Centroid : null,
            Ratios = [.. _counts.Select(count => Math.Round(count / rows, RatioDigits))],
        });
    }

    protected abstract void Settle();

    protected abstract int BinOf(TensorRow row);

    protected abstract BaselineFeature Describe(BaselineFeature feature);

    private sealed class NumericTally(Figure figure, TextEncoder? text) : FeatureTally(figure, text)
    {
        private const int Quantiles = 11;

        private readonly QuantileSample _sample = new();
        private NumericBins? _bins;
        private double[] _edges = [];

        protected override FeatureBins? Bins => _bins;

        public override void Sample(TensorRow row) => _sample.Add(Reader.Number(row));

        protected override void Settle()
        {
            _edges = _sample.Edges(Quantiles);
            _bins = _edges.Length > 0 ? new NumericBins(_edges) : null;
        }

        protected override int BinOf(TensorRow row) => _bins!.BinOf(Reader.Number(row));

        protected override BaselineFeature Describe(BaselineFeature feature) => feature with { Edges = _edges };
    }

    private sealed class CategoricalTally(Figure figure, TextEncoder? text) : FeatureTally(figure, text)
    {
        private const int Categories = 19;

        private readonly CommonWords _words = new();
        private CategoricalBins? _bins;
        private string[] _categories = [];

        protected override FeatureBins? Bins => _bins;

        public override void Sample(TensorRow row)
        {
            var word = Reader.Word(row, stackalloc char[FigureReader.Scratch]);
            if (word.Length is > 0 and <= BaselineBounds.LongestName)
            {
                _words.Add(word);
            }
        }

        protected override void Settle()
        {
            _categories = _words.Commonest(Categories);
            _bins = _categories.Length > 0 ? new CategoricalBins(_categories) : null;
        }

        protected override int BinOf(TensorRow row) => _bins!.BinOf(Reader.Word(row, stackalloc char[FigureReader.Scratch]));

        protected override BaselineFeature Describe(BaselineFeature feature) => feature with { Categories = _categories };
    }
}
