using System.Buffers;
using System.Globalization;
using System.Text;

namespace Slipway.ModelServer.Baselines.Data;

/// <summary>Comma-separated values as RFC 4180 has them, in UTF-8, with a first line of names. Keeps one record in memory.</summary>
internal sealed class CsvReader : RowReader
{
    private static readonly SearchValues<char> Stops = SearchValues.Create(",\r\n\"");

    private readonly FileStream _file;
    private readonly StreamReader _text;
    private readonly List<Field> _fields = [];
    private readonly RowBuffer<char> _buffer;
    private long _line;
    private long _nextLine = 1;
    private Cell[] _row = [];
    private TableColumn[] _columns = [];
    private bool _isRead;

    private CsvReader(FileStream file, Stream content)
    {
        _file = file;
        _text = new StreamReader(content, Encoding.UTF8);
        _buffer = new(_text.ReadAsync);
    }

    public override IReadOnlyList<TableColumn> Columns => _columns;

    public override ReadOnlySpan<Cell> Row => _row;

    public override string Place => string.Create(CultureInfo.InvariantCulture, $"line {_line}");

    public override double Share => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <param name="file">What <paramref name="content"/> is read of.</param>
    /// <exception cref="BadDataException">There is no line of names, or the row behind it cannot be read.</exception>
    public static async Task<CsvReader> OpenAsync(FileStream file, Stream content, CancellationToken cancellationToken)
    {
        var reader = new CsvReader(file, content);
        if (!await reader.RecordAsync(cancellationToken))
        {
            throw new BadDataException("the file is empty; the first line must name the columns");
        }

        var names = reader._fields.ConvertAll(field => reader.Text(field).ToString());
        RequireNames(names);
        reader._columns = [.. names.Select(name => new TableColumn(name, CellKind.Missing))];
        reader._row = new Cell[names.Count];
        if (await reader.ReadAsync(cancellationToken))
        {
            reader._columns = [.. names.Zip(reader._row, (name, cell) => new TableColumn(name, KindOf(cell)))];
            reader._isRead = true;
        }

        return reader;
    }

    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isRead)
        {
            _isRead = false;
            return true;
        }

        if (!await RecordAsync(cancellationToken))
        {
            return false;
        }

        if (_fields.Count != _row.Length)
        {
            throw new BadDataException(string.Create(CultureInfo.InvariantCulture, $"{Place} has {_fields.Count} fields, the first line names {_row.Length} columns"));
        }

        for (var i = 0; i < _row.Length; i++)
        {
            _row[i] = Cell.Raw(Text(_fields[i]));
        }

        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        _text.Dispose();
        await _file.DisposeAsync();
    }

    private static CellKind KindOf(Cell cell) => cell.TryNumber(out _) ? CellKind.Number : cell.Kind == CellKind.Missing ? CellKind.Missing : CellKind.Text;

    private async ValueTask<bool> RecordAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int next;
            while (!TryScan(out next))
            {
                await _buffer.FillAsync(() => string.Create(CultureInfo.InvariantCulture, $"line {_nextLine} begins a record of more than {LongestRow} characters; a quote may be missing"), cancellationToken);
            }

            if (next == _buffer.Start)
            {
                return false;
            }

            _line = _nextLine;
            _nextLine += Lines(_buffer.Items.AsSpan(_buffer.Start, next - _buffer.Start));
            _buffer.Start = next;
            // A file often ends in an empty line; for a single column that line is a missing value.
            if (_row.Length == 1 || _fields is not [{ Length: 0, IsQuoted: false }])
            {
                return true;
            }
        }
    }

    /// <summary>Finds the fields of the record at the buffer's start.</summary>
    /// <param name="next">Where the one behind it begins; the buffer's start when nothing is left.</param>
    /// <returns>False when more has to be read first.</returns>
    private bool TryScan(out int next)
    {
        _fields.Clear();
        next = _buffer.Start;
        if (_buffer.Start == _buffer.End)
        {
            return _buffer.IsEnded;
        }

        while (TryScanField(ref next))
        {
            if (next == _buffer.End)
            {
                return _buffer.IsEnded;
            }

            switch (_buffer.Items[next++])
            {
                case ',':
                    continue;
                case '\r' when next == _buffer.End:
                    return _buffer.IsEnded;
                case '\r' when _buffer.Items[next] == '\n':
                    next++;
                    return true;
                default:
                    return true;
            }
        }

        return false;
    }

    private bool TryScanField(ref int at)
    {
        if (at < _buffer.End && _buffer.Items[at] == '"')
        {
            return TryScanQuoted(ref at);
        }

        var length = _buffer.Items.AsSpan(at, _buffer.End - at).IndexOfAny(Stops);
        if (length < 0 && !_buffer.IsEnded)
        {
            return false;
        }

        length = length < 0 ? _buffer.End - at : length;
        if (at + length < _buffer.End && _buffer.Items[at + length] == '"')
        {
            throw Wrong(at + length, "has a quote inside a field that does not begin with one; put the field in quotes and double those inside it");
        }

        _fields.Add(new(at, length, IsQuoted: false, HasQuotes: false));
        at += length;
        return true;
    }

    private bool TryScanQuoted(ref int at)
    {
        var (from, close, hasQuotes) = (at + 1, at + 1, false);
        while (true)
        {
            var quote = _buffer.Items.AsSpan(close, _buffer.End - close).IndexOf('"');
            if (quote < 0)
            {
                return _buffer.IsEnded ? throw Wrong(at, "begins a quoted field that does not end") : false;
            }

            close += quote;
            if (close + 1 == _buffer.End && !_buffer.IsEnded)
            {
                return false;
            }

            if (close + 1 == _buffer.End || _buffer.Items[close + 1] != '"')
            {
                break;
            }

            hasQuotes = true;
            close += 2;
        }

        _fields.Add(new(from, close - from, IsQuoted: true, hasQuotes));
        at = close + 1;
        return at == _buffer.End || _buffer.Items[at] is ',' or '\r' or '\n' ? true : throw Wrong(at, "has more of a field behind its closing quote");
    }

    private BadDataException Wrong(int at, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"line {_nextLine + Lines(_buffer.Items.AsSpan(_buffer.Start, at - _buffer.Start))} {what}"));

    private static long Lines(ReadOnlySpan<char> text) => text.Count('\n') + (text.Contains('\n') ? 0 : text.Count('\r'));

    private ReadOnlyMemory<char> Text(Field field)
    {
        var span = _buffer.Items.AsSpan(field.Start, field.Length);
        if (!field.HasQuotes)
        {
            return _buffer.Items.AsMemory(field.Start, field.Length);
        }

        // Doubled quotes become one in place: the field only grows shorter.
        var length = 0;
        for (var i = 0; i < span.Length; i++)
        {
            span[length++] = span[i];
            i += span[i] == '"' ? 1 : 0;
        }

        return _buffer.Items.AsMemory(field.Start, length);
    }

    private readonly record struct Field(int Start, int Length, bool IsQuoted, bool HasQuotes);
}
