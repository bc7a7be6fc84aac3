using System.Globalization;
using Slipway.ModelServer.Baselines;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.DriftReports;

/// <summary>Finds the columns of a data set that a baseline's features of inputs are of, by the names that both have.</summary>
internal sealed class FeatureColumns(DriftRequest request, IReadOnlyList<BaselineFeature> features, IReadOnlyList<TableColumn> columns)
{
    private readonly bool _isOneTensor = features.Select(feature => feature.Tensor).Distinct(StringComparer.Ordinal).Count() == 1;

    /// <exception cref="BadDataException">A feature is a column that the data do not have.</exception>
    public void RequireAll()
    {
        foreach (var feature in features.Where(IsNamedAsColumn))
        {
            Place(feature);
        }
    }

    /// <summary>A model takes columns by their order, and would take one for another.</summary>
    /// <exception cref="BadDataException">The order is not that of the training data.</exception>
    public void RequireOrder(IReadOnlyList<InputBinding> bindings)
    {
        foreach (var feature in features.Where(IsNamedAsColumn))
        {
            var names = bindings.First(binding => binding.Spec.Name == feature.Tensor).Names;
            if (feature.Column >= names.Count || names[feature.Column] != feature.Name)
            {
                throw new BadDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {(feature.Column < names.Count ? Quote.Of(names[feature.Column]) : "nothing")} where {request.BaselineFile} has {Quote.Of(feature.Name)}, input {feature.Column + 1} of the model; put the columns in the order of the training data, and name those that are no inputs with --labels"));
            }
        }
    }

    /// <summary>What makes inputs of the columns without a model.</summary>
    /// <param name="notes">Grows by what is left out, and why.</param>
    /// <returns>An input for each tensor of the baseline, and its features as they lie in it.</returns>
    /// <exception cref="BadDataException">A column is not there.</exception>
    /// <exception cref="ModelRejectedException">The baseline does not tell datatypes.</exception>
    public (IReadOnlyList<InputBinding> Bindings, IReadOnlyList<BaselineFeature> Features) Bind(List<string> notes)
    {
        var told = features.Where(feature => !TakesModel(feature)).ToList();
        notes.AddRange(features.Where(TakesModel).Select(feature => $"{feature.Name} is left out: it takes the model, which --model names"));
        var (bindings, placed) = (new List<InputBinding>(), new List<BaselineFeature>());
        foreach (var tensor in told.GroupBy(feature => feature.Tensor, StringComparer.Ordinal))
        {
            var datatype = tensor.First().Datatype ?? throw BaselineFile.Rejected(
                [$"inputs: say no datatype of {Quote.Of(tensor.Key)}, without which no value has a bin; or name the model with --model"], request.BaselineFile);
            if (ArrayOf(tensor.Key) is { } array)
            {
                bindings.Add(new(bindings.Count, new TensorSpec(tensor.Key, datatype, [-1, -1]), [array], [columns[array].Name], IsVector: true));
                placed.AddRange(tensor);
                continue;
            }

            List<BaselineFeature> row = [.. tensor];
            bindings.Add(new(bindings.Count, new TensorSpec(tensor.Key, datatype, [-1, row.Count]), [.. row.Select(Place)], [.. row.Select(feature => feature.Name)], IsVector: false));
            placed.AddRange(row.Select((feature, column) => feature with { Column = column }));
        }

        return (bindings, placed);
    }

    // Elements of an array are named after the tensor.
    private bool IsNamedAsColumn(BaselineFeature feature) =>
        feature.Measure == FeatureMeasure.Value && ArrayOf(feature.Tensor) is null && feature.Name != string.Create(CultureInfo.InvariantCulture, $"{feature.Tensor}[{feature.Column}]");

    // Tokens take the tokenizer, and channels the height and width of the image.
    private static bool TakesModel(BaselineFeature feature) =>
        feature.Measure is FeatureMeasure.TokenCount or FeatureMeasure.UnknownTokenShare or FeatureMeasure.ChannelMean or FeatureMeasure.ChannelDeviation;

    /// <returns>Null when the tensor is not one column of arrays.</returns>
    private int? ArrayOf(string tensor)
    {
        var arrays = Enumerable.Range(0, columns.Count).Where(column => columns[column].Kind == CellKind.Vector && !request.Labels.Contains(columns[column].Name, StringComparer.Ordinal)).ToList();
        var named = arrays.FindIndex(column => columns[column].Name == tensor);
        return named >= 0 ? arrays[named] : _isOneTensor && arrays is [var only] ? only : null;
    }

    private int Place(BaselineFeature feature)
    {
        for (var place = 0; place < columns.Count && feature.Measure == FeatureMeasure.Value; place++)
        {
            if (columns[place].Name == feature.Name)
            {
                return place;
            }
        }

        var what = feature.Measure == FeatureMeasure.Value
            ? $"column {Quote.Of(feature.Name)}, which {request.BaselineFile} watches"
            : $"column {Quote.Of(feature.Tensor)} of arrays, of which {request.BaselineFile} watches {Quote.Of(feature.Name)}";
        throw new BadDataException($"has no {what}; its columns are {ColumnMap.Known(columns.Select(column => column.Name))}");
    }
}
