using System.Globalization;
using System.Text;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>The rows of one input on their way from a file to a call.</summary>
internal sealed class InputStage(InputBinding binding)
{
    private readonly int _size = binding.Spec.Datatype.Size();
    private readonly List<byte[]> _texts = [];
    private byte[] _elements = [];
    private int _count;
    private int _width = Width(binding);

    /// <summary>Elements of a row; 0 while no row has told an open axis.</summary>
    public int RowElements => _width;

    /// <exception cref="BadDataException">The row is not what the input takes.</exception>
    public void Add(RowReader rows)
    {
        if (binding.IsVector)
        {
            AddVector(rows);
            return;
        }

        for (var i = 0; i < binding.Columns.Count; i++)
        {
            Add(rows, i, rows.Row[binding.Columns[i]]);
        }
    }

    /// <summary>Gives the rows to the call, and has none afterwards.</summary>
    public void MoveTo(InferCall call, int rows) => Move(call.Prepare(binding.Input, Shape(rows), _count));

    /// <summary>Likewise to memory that no call has.</summary>
    public void MoveTo(TensorBuffer buffer, int rows)
    {
        buffer.Prepare(Shape(rows), _count);
        Move(buffer);
    }

    private void Move(TensorBuffer target)
    {
        if (binding.Spec.Datatype == Datatype.Bytes)
        {
            for (var i = 0; i < _count; i++)
            {
                target.SetString(i, _texts[i]);
            }
        }
        else
        {
            _elements.AsSpan(0, _count * _size).CopyTo(target.Bytes);
        }

        _texts.Clear();
        _count = 0;
    }

    private void AddVector(RowReader rows)
    {
        var cell = rows.Row[binding.Columns[0]];
        var vector = cell.Vector.Span;
        if (cell.Kind != CellKind.Vector || vector.IsEmpty)
        {
            throw Wrong(rows, 0, cell, $"where input {binding.Spec} takes an array");
        }

        if (_width == 0 && vector.Length % KnownElements() == 0)
        {
            _width = vector.Length;
        }

        if (vector.Length != _width)
        {
            throw Wrong(rows, 0, cell, string.Create(
                CultureInfo.InvariantCulture, $"where input {binding.Spec} takes {(_width == 0 ? $"a multiple of {KnownElements()}" : _width)}{(binding.RowShape.Contains(-1) && _width > 0 ? ", as in the first row" : "")}"));
        }

        foreach (var element in vector)
        {
            Add(rows, 0, Cell.Number(element));
        }
    }

    private void Add(RowReader rows, int column, in Cell cell)
    {
        if (binding.Spec.Datatype == Datatype.Bytes)
        {
            _texts.Add(cell.Kind is CellKind.Missing or CellKind.Raw or CellKind.Text ? Encoding.UTF8.GetBytes(cell.Characters.ToArray()) : throw Wrong(rows, column, cell, "which is no text"));
            _count++;
            return;
        }

        if ((_count + 1) * _size > _elements.Length)
        {
            Array.Resize(ref _elements, Math.Max(1024, 2 * _elements.Length));
        }

        if (ElementCast.Write(cell, binding.Spec.Datatype, _elements.AsSpan(_count++ * _size, _size)) is { } fault)
        {
            throw Wrong(rows, column, cell, fault);
        }
    }

    private BadDataException Wrong(RowReader rows, int column, in Cell cell, string what) =>
        new($"{rows.Place}: column {Quote.Of(binding.Names[column])} holds {cell}, {what}");

    private long[] Shape(int rows) => [rows, .. binding.RowShape.Select(axis => axis < 0 ? OpenAxis() : axis)];

    private int KnownElements() => checked((int)binding.RowShape.Where(axis => axis > 0).Aggregate(1L, (product, axis) => product * axis));

    private long OpenAxis() => binding.IsVector ? _width / KnownElements() : binding.Columns.Count;

    private static int Width(InputBinding binding) => !binding.IsVector ? binding.Columns.Count
        : binding.RowShape.Contains(-1) ? 0
        : checked((int)binding.RowShape.Aggregate(1L, (product, axis) => product * axis));
}
