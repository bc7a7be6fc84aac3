using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Drift;

/// <summary>Puts a baseline to the tensors that a model serves.</summary>
internal sealed class BaselineBinding
{
    private readonly List<string> _errors = [];
    private readonly List<DriftFeature> _features = [];
    private int _cells;

    private BaselineBinding()
    {
    }

    /// <summary>Has the session count tokens if one of the features asks for them; call before it answers requests.</summary>
    /// <exception cref="ModelRejectedException">The baseline is of another model; the message has a line for each fault.</exception>
    public static DriftPlan Bind(Baseline baseline, ModelSession session, string name = BaselineFile.FileName) =>
        Bind(baseline, session.Inputs, session.Outputs, session.Text, name);

    /// <param name="encoder">Of a model that takes texts.</param>
    /// <param name="name">What messages call the baseline.</param>
    /// <exception cref="ModelRejectedException">As above.</exception>
    public static DriftPlan Bind(Baseline baseline, IReadOnlyList<TensorSpec> inputSpecs, IReadOnlyList<TensorSpec> outputSpecs, TextEncoder? encoder, string name)
    {
        var binding = new BaselineBinding();
        binding.Check("input", baseline.Inputs, inputSpecs, encoder?.Input);
        binding.Check("output", baseline.Outputs, outputSpecs, tokenized: null);
        if (binding._errors.Count > 0)
        {
            throw BaselineFile.Rejected(binding._errors, name);
        }

        if (encoder is { } text && baseline.Inputs.Any(feature => feature.Measure is FeatureMeasure.TokenCount or FeatureMeasure.UnknownTokenShare))
        {
            text.CountsTokens = true;
        }

        var inputs = binding.Watches("", baseline.Inputs, inputSpecs);
        var outputs = binding.Watches(BaselineBounds.OutputPrefix, baseline.Outputs, outputSpecs);
        return new DriftPlan(binding._features, inputSpecs, inputs, outputs);
    }

    /// <param name="tokenized">The place of the tensor whose texts are made into tokens; null when there is none.</param>
    private void Check(string side, IReadOnlyList<BaselineFeature> features, IReadOnlyList<TensorSpec> specs, int? tokenized)
    {
        for (var i = 0; i < features.Count; i++)
        {
            var feature = features[i];
            var place = PlaceOf(feature.Tensor, specs);
            var faults = place < 0
                ? [$"tensor: the model has no {side} '{feature.Tensor}'; its {side}s are {string.Join(", ", specs.Take(8))}{(specs.Count > 8 ? " and more" : "")}"]
                : FeatureFit.Faults(feature, specs[place], place == tokenized);
            _errors.AddRange(faults.Select(fault => $"{side}s[{i}].{fault}"));
        }
    }

    private TensorWatch[][] Watches(string prefix, IReadOnlyList<BaselineFeature> features, IReadOnlyList<TensorSpec> specs)
    {
        var numbers = specs.Select(_ => new List<NumberColumn>()).ToArray();
        var others = specs.Select(_ => new List<TensorWatch>()).ToArray();
        foreach (var feature in features)
        {
            var bins = feature.Bins();
            var place = PlaceOf(feature.Tensor, specs);
            if (feature.Measure == FeatureMeasure.Value && bins is NumericBins numeric)
            {
                numbers[place].Add(new NumberColumn(feature.Column, _cells, numeric));
            }
            else
            {
                others[place].Add(Watch(feature, bins, specs[place].Datatype));
            }

            _features.Add(new DriftFeature(prefix + feature.Name, bins, feature.Ratios, _cells, feature.Seasonality));
            _cells += bins.Count;
        }

        return [.. specs.Select((spec, i) => numbers[i] is [] ? others[i].ToArray() : [Elements.Of(spec.Datatype).Numbers([.. numbers[i]]), .. others[i]])];
    }

    private TensorWatch Watch(BaselineFeature feature, FeatureBins bins, Datatype datatype) => (feature.Measure, bins) switch
    {
        (FeatureMeasure.Value, CategoricalBins words) when datatype == Datatype.Bytes => new TextColumn(feature.Column, _cells, words),
        (FeatureMeasure.Value, CategoricalBins words) => Elements.Of(datatype).Categories(feature.Column, _cells, Whole(feature, words, datatype)),
        (FeatureMeasure.TopClass, CategoricalBins words) => Elements.Of(datatype).TopClass(_cells, Whole(feature, words, Datatype.Int64)),
        (FeatureMeasure.TokenCount or FeatureMeasure.UnknownTokenShare, NumericBins numbers) =>
            new TokenFigure(feature.Measure == FeatureMeasure.UnknownTokenShare, _cells, numbers),
        (_, NumericBins numbers) => Elements.Of(datatype).Figure(feature, _cells, numbers),
        _ => throw new InvalidOperationException($"Feature {feature.Name} was not checked."),
    };

    private static WholeBins Whole(BaselineFeature feature, CategoricalBins bins, Datatype datatype) => new(
        [.. (feature.Categories ?? []).Select(category => WholeBins.TryParse(category, datatype, out var number)
            ? number
            : throw new InvalidOperationException($"Feature {feature.Name} was not checked."))],
        bins);

    private static int PlaceOf(string tensor, IReadOnlyList<TensorSpec> specs)
    {
        for (var place = 0; place < specs.Count; place++)
        {
            if (specs[place].Name == tensor)
            {
                return place;
            }
        }

        return -1;
    }
}
