using System.Text.Json;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Drift;

/// <summary>Says why a figure cannot be taken of a tensor. What the model leaves open, such as the length of a row, is not held against it.</summary>
internal static class FeatureFit
{
    private const int ImageAxes = 4;

    /// <param name="isTokenized">Whether the tensor's texts are made into tokens.</param>
    /// <returns>Each begins with the key that is wrong.</returns>
    public static IEnumerable<string> Faults(BaselineFeature feature, TensorSpec spec, bool isTokenized)
    {
        if (feature.Datatype is { } datatype && datatype != spec.Datatype)
        {
            yield return $"datatype: is {datatype.Name()}; the model has {spec}";
            yield break;
        }

        if (MeasureFault(feature.Measure, spec, isTokenized) is { } measure)
        {
            yield return measure;
            yield break;
        }

        if (ColumnFault(feature, spec) is { } column)
        {
            yield return column;
        }

        if (KindFault(feature, spec) is { } kind)
        {
            yield return kind;
        }
        else if (CategoryFault(feature, spec) is { } category)
        {
            yield return category;
        }

        if (feature.Centroid is { } centroid && RowLength(spec) is { } length && length != centroid.Count)
        {
            yield return $"centroid: has {centroid.Count} numbers; a row of {spec} has {length}";
        }
    }

    private static string? MeasureFault(FeatureMeasure measure, TensorSpec spec, bool isTokenized) => measure switch
    {
        FeatureMeasure.Value => null,
        FeatureMeasure.TokenCount or FeatureMeasure.UnknownTokenShare =>
            isTokenized ? null : $"measure: {Name(measure)} is of texts that a tokenizer of model.yaml reads, which {spec} is not",
        _ when spec.Datatype is Datatype.Bytes or Datatype.Bool => $"measure: {Name(measure)} is of numbers, which {spec} does not hold",
        FeatureMeasure.ChannelMean or FeatureMeasure.ChannelDeviation when spec.Shape.Count is not (0 or ImageAxes) =>
            $"measure: {Name(measure)} is of images, channels and height and width behind the first axis, which {spec} does not hold",
        FeatureMeasure.TopClass when RowLength(spec) is < 2 => $"measure: {Name(measure)} is the largest of several elements; a row of {spec} has {RowLength(spec)}",
        _ => null,
    };

    private static string? ColumnFault(BaselineFeature feature, TensorSpec spec)
    {
        var (most, what) = feature.Measure switch
        {
            FeatureMeasure.Value => (RowLength(spec), "elements"),
            FeatureMeasure.ChannelMean or FeatureMeasure.ChannelDeviation => (spec.Shape is [_, >= 0 and var channels, ..] ? channels : null, "channels"),
            _ => (1L, ""),
        };
        return feature.Column < (most ?? long.MaxValue) ? null
            : what.Length == 0 ? $"column: is {feature.Column}; {Name(feature.Measure)} is of the whole row, leave it out"
            : $"column: is {feature.Column}, counted from 0; a row of {spec} has {most} {what}";
    }

    private static string? KindFault(BaselineFeature feature, TensorSpec spec)
    {
        FeatureKind? only = (feature.Measure, spec.Datatype) switch
        {
            (FeatureMeasure.TopClass, _) => FeatureKind.Categorical,
            (not FeatureMeasure.Value, _) => FeatureKind.Numeric,
            (_, Datatype.Bytes) => FeatureKind.Categorical,
            (_, Datatype.FP16 or Datatype.BF16 or Datatype.FP32 or Datatype.FP64) => FeatureKind.Numeric,
            _ => null,
        };
        return only is null || only == feature.Kind ? null
            : $"kind: is {Name(feature.Kind)}; {Name(feature.Measure)} of {spec} is {Name(only.Value)}";
    }

    private static string? CategoryFault(BaselineFeature feature, TensorSpec spec)
    {
        if (feature.Categories is not { } categories || (feature.Measure == FeatureMeasure.Value && spec.Datatype == Datatype.Bytes))
        {
            return null;
        }

        if (feature.Measure != FeatureMeasure.TopClass)
        {
            return categories.FirstOrDefault(category => !WholeBins.TryParse(category, spec.Datatype, out _)) is { } other
                ? $"categories: {Quote.Of(other)} is no {spec.Datatype.Name()}, which {spec} holds{(spec.Datatype == Datatype.Bool ? ": true and false" : "")}"
                : null;
        }

        var most = RowLength(spec) ?? long.MaxValue;
        return categories.FirstOrDefault(category => !WholeBins.TryParse(category, Datatype.Int64, out var place) || place < 0 || place >= most) is { } none
            ? $"categories: {Quote.Of(none)} is no place in a row of {spec}, counted from 0"
            : null;
    }

    /// <returns>Null where the model leaves it open.</returns>
    private static long? RowLength(TensorSpec spec)
    {
        if (spec.Shape.Count == 0)
        {
            return null;
        }

        var length = 1L;
        foreach (var axis in spec.Shape.Skip(1))
        {
            if (axis < 0)
            {
                return null;
            }

            length *= axis;
        }

        return length;
    }

    private static string Name<T>(T word) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
