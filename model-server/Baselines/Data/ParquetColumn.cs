using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Slipway.ModelServer.Baselines.Data;

/// <summary>One column of one row group, decoded, and read cell by cell from the first on.</summary>
internal sealed class ParquetColumn : IDisposable
{
    private readonly DataField _field;
    private readonly RawColumnData _data;
    private readonly Func<int, Cell> _cell;
    private readonly List<double> _elements = [];
    private readonly int _inList;
    private int _level;
    private int _value;

    private ParquetColumn(DataField field, RawColumnData data)
    {
        _field = field;
        _data = data;
        // Below it there is no element, since the list is empty or absent.
        _inList = field.MaxDefinitionLevel - (field is { IsNullable: true, IsArray: false } ? 1 : 0);
        _cell = Cells(data) ?? throw new InvalidOperationException($"Column {field.Name} is of type {field.ClrType}, which is not taken.");
    }

    /// <summary>What a column of this type holds; null for a type that is not taken.</summary>
    public static CellKind? KindOf(DataField field)
    {
        var type = field.ClrType;
        var single = type == typeof(ReadOnlyMemory<char>) ? CellKind.Text
            : type == typeof(bool) ? CellKind.Flag
            : type == typeof(float) || type == typeof(double) || type == typeof(decimal) ? CellKind.Number
            : type == typeof(sbyte) || type == typeof(short) || type == typeof(int) || type == typeof(long)
                || type == typeof(byte) || type == typeof(ushort) || type == typeof(uint) ? CellKind.Whole
            : (CellKind?)null;
        return field.MaxRepetitionLevel == 0 ? single : single is CellKind.Number or CellKind.Whole ? CellKind.Vector : null;
    }

    public static async Task<ParquetColumn> ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken) =>
        new(field, await group.ReadRawColumnDataBaseAsync(field, cancellationToken));

    public Cell Next()
    {
        if (_field.MaxRepetitionLevel == 0)
        {
            return _field.MaxDefinitionLevel == 0 || _data.DefinitionLevels[_level++] == _field.MaxDefinitionLevel ? _cell(_value++) : default;
        }

        // A row goes on until a level of 0 begins the next one; lists in lists are one row-major array.
        _elements.Clear();
        do
        {
            var level = _data.DefinitionLevels[_level++];
            if (level >= _inList)
            {
                _elements.Add(level == _field.MaxDefinitionLevel && _cell(_value++).TryNumber(out var number) ? number : double.NaN);
            }
        }
        while (_level < _data.RepetitionLevels.Length && _data.RepetitionLevels[_level] > 0);
        return _elements.Count == 0 ? default : Cell.Of(_elements.ToArray());
    }

    public void Dispose() => _data.Dispose();

    private static Func<int, Cell>? Cells(RawColumnData data) => data switch
    {
        RawColumnData<ReadOnlyMemory<char>> texts => i => Cell.Text(texts.Values[i]),
        RawColumnData<bool> flags => i => Cell.Flag(flags.Values[i]),
        RawColumnData<float> numbers => i => Cell.Number(numbers.Values[i]),
        RawColumnData<double> numbers => i => Cell.Number(numbers.Values[i]),
        RawColumnData<decimal> numbers => i => Cell.Number((double)numbers.Values[i]),
        RawColumnData<sbyte> wholes => i => Cell.Whole(wholes.Values[i]),
        RawColumnData<short> wholes => i => Cell.Whole(wholes.Values[i]),
        RawColumnData<int> wholes => i => Cell.Whole(wholes.Values[i]),
        RawColumnData<long> wholes => i => Cell.Whole(wholes.Values[i]),
        RawColumnData<byte> wholes => i => Cell.Whole(wholes.Values[i]),
        RawColumnData<ushort> wholes => i => Cell.Whole(wholes.Values[i]),
        RawColumnData<uint> wholes => i => Cell.Whole(wholes.Values[i]),
        _ => null,
    };
}
