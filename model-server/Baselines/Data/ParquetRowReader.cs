using System.Globalization;
using Parquet;
using Parquet.Schema;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Baselines.Data;

/// <summary>Apache Parquet. Keeps the columns that are wanted of one row group in memory.</summary>
internal sealed class ParquetRowReader : RowReader
{
    private readonly FileStream _file;
    private readonly ParquetReader _parquet;
    private readonly DataField?[] _fields;
    private readonly ParquetColumn?[] _group;
    private readonly Cell[] _row;
    private int _nextGroup;
    private long _left;
    private long _number;
    private readonly long _rows;

    private ParquetRowReader(FileStream file, ParquetReader parquet, IReadOnlyList<TableColumn> columns, DataField?[] fields)
    {
        _file = file;
        _parquet = parquet;
        _fields = fields;
        _group = new ParquetColumn?[fields.Length];
        _row = new Cell[fields.Length];
        _rows = parquet.RowGroups.Sum(group => group.RowCount);
        Columns = columns;
    }

    public override IReadOnlyList<TableColumn> Columns { get; }

    public override ReadOnlySpan<Cell> Row => _row;

    public override string Place => string.Create(CultureInfo.InvariantCulture, $"row {_number}");

    public override double Share => _rows == 0 ? 1 : (double)_number / _rows;

    /// <param name="wanted">The columns to read; null for none yet, which is enough to ask for <see cref="Columns"/>.</param>
    /// <exception cref="BadDataException">It is no Parquet file, or a wanted column is of a type that is not taken.</exception>
    public static async Task<ParquetRowReader> OpenAsync(FileStream file, IReadOnlySet<string>? wanted, CancellationToken cancellationToken)
    {
        ParquetReader parquet;
        try
        {
            parquet = await ParquetReader.CreateAsync(file, leaveStreamOpen: true, cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            // The library throws whatever it trips over in a file that is not what it should be.
            throw new BadDataException($"is no Parquet file: {exception.Message}", exception);
        }

        // A column is what stands at the top; those with several leaves are structures and maps.
        var leaves = parquet.Schema.DataFields.ToLookup(field => field.Path.FirstPart, StringComparer.Ordinal);
        var names = parquet.Schema.Fields.Select(field => field.Name).ToList();
        RequireNames(names);
        var fields = names.ConvertAll(name => leaves[name].ToList() is [var only] ? only : null);
        var kinds = fields.ConvertAll(field => field is null ? null : ParquetColumn.KindOf(field));
        for (var i = 0; i < names.Count; i++)
        {
            if (wanted?.Contains(names[i]) == true && kinds[i] is null)
            {
                throw new BadDataException($"column {Quote.Of(names[i])} is of a type that no model takes; numbers, texts, booleans and lists of numbers are taken");
            }
        }

        return new ParquetRowReader(
            file,
            parquet,
            [.. names.Zip(kinds, (name, kind) => new TableColumn(name, kind ?? CellKind.Missing))],
            [.. fields.Select((field, i) => wanted?.Contains(names[i]) == true ? field : null)]);
    }

    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (_left == 0)
        {
            if (_nextGroup == _parquet.RowGroupCount)
            {
                return false;
            }

            await OpenGroupAsync(_parquet.OpenRowGroupReader(_nextGroup++), cancellationToken);
        }

        for (var i = 0; i < _row.Length; i++)
        {
            _row[i] = _group[i]?.Next() ?? default;
        }

        _left--;
        _number++;
        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        Release();
        await _parquet.DisposeAsync();
        await _file.DisposeAsync();
    }

    private async Task OpenGroupAsync(ParquetRowGroupReader group, CancellationToken cancellationToken)
    {
        Release();
        try
        {
            for (var i = 0; i < _fields.Length; i++)
            {
                if (_fields[i] is { } field)
                {
                    _group[i] = await ParquetColumn.ReadAsync(group, field, cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new BadDataException($"row group {_nextGroup} cannot be read: {exception.Message}", exception);
        }

        _left = group.RowCount;
    }

    private void Release()
    {
        for (var i = 0; i < _group.Length; i++)
        {
            _group[i]?.Dispose();
            _group[i] = null;
        }
    }
}
