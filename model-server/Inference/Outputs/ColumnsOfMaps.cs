using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Inference.Outputs;

/// <summary>Lays the values of maps that have the same keys side by side: [rows, keys].</summary>
internal sealed class ColumnsOfMaps(string name, MapColumns columns) : IOutputMaker
{
    /// <exception cref="ServingException">A row has other keys than the columns.</exception>
    public OrtValue Make(OrtValue given)
    {
        var rows = given.GetValueCount();
        var width = columns.Names.Count;
        var made = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [rows, width]);
        try
        {
            var rest = rows * width > 0 ? made.GetTensorMutableDataAsSpan<float>() : [];
            for (var row = 0; row < rows; row++)
            {
                using var map = given.GetValue(row, OrtAllocator.DefaultInstance);
                using var keys = map.GetValue(0, OrtAllocator.DefaultInstance);
                if (!columns.Fit(keys))
                {
                    throw new ServingException(ErrorCode.Internal, string.Create(
                        CultureInfo.InvariantCulture,
                        $"Row {row} of the output '{name}' has other keys than the {width} columns that were learnt at load; export the model with ZipMap in its main graph, or switched off."));
                }

                using var values = map.GetValue(1, OrtAllocator.DefaultInstance);
                values.GetTensorDataAsSpan<float>().CopyTo(rest);
                rest = rest[width..];
            }

            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }
}
