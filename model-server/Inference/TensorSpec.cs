using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.ModelServer.Inference;

/// <summary>
/// What the model says of one of its inputs or outputs. <paramref name="shape"/> holds −1 for a dynamic axis; an empty shape is a
/// scalar or a shape that the model leaves open, which ONNX Runtime does not tell apart.
/// </summary>
/// <param name="firstAxis">The model's name for a dynamic first axis; empty when that axis is fixed, absent or without a name.</param>
internal sealed class TensorSpec(string name, Datatype datatype, long[] shape, string firstAxis = "")
{
    private readonly byte[] _utf8Columns = [];
    private readonly byte[] _utf8Name = Encoding.UTF8.GetBytes(name);

    public string Name { get; } = name;

    public Datatype Datatype { get; } = datatype;

    public IReadOnlyList<long> Shape => shape;

    /// <summary>Tensors with the same name here grow together.</summary>
    public string FirstAxis { get; } = firstAxis;

    public ReadOnlySpan<byte> Utf8Name => _utf8Name;

    /// <summary>What each place of the last axis stands for; empty when nobody said.</summary>
    public IReadOnlyList<string> Columns
    {
        get;
        init
        {
            field = value;
            ColumnsJson = value.Count == 0 ? "" : JsonSerializer.Serialize(value, TensorSpecJson.Default.IReadOnlyListString);
            _utf8Columns = Encoding.UTF8.GetBytes(ColumnsJson);
        }
    } = [];

    /// <summary><see cref="Columns"/> as a JSON array, since the protocol's parameters are single values; empty when there are none.</summary>
    public string ColumnsJson { get; private init; } = "";

    public ReadOnlySpan<byte> Utf8ColumnsJson => _utf8Columns;

    /// <summary>A copy that says what the last axis stands for.</summary>
    public TensorSpec WithColumns(IReadOnlyList<string> columns) => new(Name, Datatype, shape, FirstAxis) { Columns = columns };

    /// <summary>Whether a tensor of this shape may be given.</summary>
    public bool Admits(ReadOnlySpan<long> given)
    {
        if (shape.Length == 0)
        {
            return true;
        }

        if (given.Length != shape.Length)
        {
            return false;
        }

        for (var i = 0; i < given.Length; i++)
        {
            if (shape[i] >= 0 && shape[i] != given[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary><c>'amount' (FP32, shape [-1,30])</c></summary>
    public override string ToString() => $"'{Name}' ({Datatype.Name()}, shape {Format(shape)})";

    public static string Format(ReadOnlySpan<long> shape)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < shape.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(shape[i]);
        }

        return text.Append(']').ToString();
    }
}

[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class TensorSpecJson : JsonSerializerContext;
