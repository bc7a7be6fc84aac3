using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference.Outputs;

/// <summary>Outputs that are one map a row, as scikit-learn's classifiers give their probabilities.</summary>
internal static class MapOutputs
{
    /// <summary>Served as FP32 with a column for each key.</summary>
    public static ServedOutput WithColumns(string name, string rows, MapColumns columns) => new(
        new TensorSpec(name, Datatype.FP32, [-1, columns.Names.Count], rows) { Columns = columns.Names }, name, new ColumnsOfMaps(name, columns));

    /// <summary>Served as one JSON object a row.</summary>
    public static ServedOutput AsJson(string name, string rows) =>
        new(new TensorSpec(name, Datatype.Bytes, [-1], rows), name, new JsonOfMaps());

    /// <summary>
    /// Decides about an output whose keys the file does not tell, from rows that the model gave: columns when all of them have the same keys.
    /// </summary>
    public static ServedOutput Learn(ServedOutput unknown, OrtValue rows)
    {
        MapColumns? columns = null;
        var count = rows.GetValueCount();
        for (var row = 0; row < count; row++)
        {
            using var map = rows.GetValue(row, OrtAllocator.DefaultInstance);
            using var keys = map.GetValue(0, OrtAllocator.DefaultInstance);
            columns ??= MapColumns.Of(keys);
            if (!columns.Fit(keys))
            {
                return unknown;
            }
        }

        return columns is null ? unknown : WithColumns(unknown.Spec.Name, unknown.Spec.FirstAxis, columns);
    }
}
