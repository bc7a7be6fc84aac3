using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Inference.Outputs;

/// <summary>Names the largest place of the last axis, the first one among equals. A row that holds NaN has the empty name.</summary>
/// <param name="first">Makes the tensor to look at; null when the graph gives it.</param>
internal sealed class LabelOfLargest(TensorSpec source, IOutputMaker? first, IReadOnlyList<string> names) : IOutputMaker
{
    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether the elements can be compared.</summary>
    public static bool CanCompare(Datatype datatype) => datatype is Datatype.FP32 or Datatype.FP64 or Datatype.FP16;

    /// <exception cref="ServingException">The last axis is of another length than there are names.</exception>
    public OrtValue Make(OrtValue given)
    {
        using var made = first?.Make(given);
        var scores = made ?? given;
        var shape = scores.GetTensorTypeAndShape().Shape;
        if (shape.Length == 0 || shape[^1] != _names.Length)
        {
            throw new ServingException(ErrorCode.Internal, string.Create(
                CultureInfo.InvariantCulture,
                $"The output {source} came with shape {TensorSpec.Format(shape)}, for whose last axis model.yaml has {_names.Length} labels; correct the labels and upload a new version."));
        }

        var labels = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape[..^1]);
        try
        {
            Write(labels, scores, shape[..^1].Aggregate(1L, static (product, axis) => product * axis));
            return labels;
        }
        catch
        {
            labels.Dispose();
            throw;
        }
    }

    private void Write(OrtValue labels, OrtValue scores, long rows)
    {
        switch (rows == 0 ? Datatype.Bytes : source.Datatype)
        {
            case Datatype.Bytes: break;
            case Datatype.FP32: Write(labels, scores.GetTensorDataAsSpan<float>(), rows); break;
            case Datatype.FP64: Write(labels, scores.GetTensorDataAsSpan<double>(), rows); break;
            case Datatype.FP16: Write(labels, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(scores.GetTensorMutableRawData()), rows); break;
            default: throw new ArgumentOutOfRangeException(nameof(labels), source.Datatype, "has no largest element");
        }
    }

    private void Write<T>(OrtValue labels, ReadOnlySpan<T> scores, long rows) where T : INumber<T>
    {
        for (var row = 0; row < rows; row++)
        {
            var places = scores.Slice(row * _names.Length, _names.Length);
            var largest = TensorPrimitives.IndexOfMax(places);
            labels.StringTensorSetElementAt(T.IsNaN(places[largest]) ? ReadOnlySpan<byte>.Empty : _names[largest], row);
        }
    }
}
