using System.Buffers;
using System.Globalization;
using System.Text;

namespace Slipway.ModelServer.Baselines.Data;

/// <summary>Comma-separated values as RFC 4180 has them, in UTF-8, with a first line of names. Keeps one record in memory.</summary>
internal sealed class CsvReader : RowReader
{
    private const int FirstBuffer = 64 << 10;

    private static readonly SearchValues<char> Stops = SearchValues.Create(",\r\n\"");

    private readonly FileStream _file;
    private readonly StreamReader _text;
    private readonly List<Field> _fields = [];
    private char[] _buffer = new char[FirstBuffer];
    private int _start;
    private int _end;
    private bool _isEnded;
    private long _line;
    private long _nextLine = 1;
    private Cell[] _row = [];
    private TableColumn[] _columns = [];
    private bool _isRead;

    private CsvReader(FileStream file, Stream content)
    {
        _file = file;
        _text = new StreamReader(content, Encoding.UTF8);
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
                await FillAsync(cancellationToken);
            }

            if (next == _start)
            {
                return false;
            }

            _line = _nextLine;
            _nextLine += Lines(_buffer.AsSpan(_start, next - _start));
            _start = next;
            // A file often ends in an empty line; for a single column that line is a missing value.
            if (_row.Length == 1 || _fields is not [{ Length: 0, IsQuoted: false }])
            {
                return true;
            }
        }
    }

    /// <summary>Finds the fields of the record at <c>_start</c>.</summary>
    /// <param name="next">Where the one behind it begins; <c>_start</c> when nothing is left.</param>
    /// <returns>False when more has to be read first.</returns>
    private bool TryScan(out int next)
    {
        _fields.Clear();
        next = _start;
        if (_start == _end)
        {
            return _isEnded;
        }

        while (TryScanField(ref next))
        {
            if (next == _end)
            {
                return _isEnded;
            }

            switch (_buffer[next++])
            {
                case ',':
                    continue;
                case '\r' when next == _end:
                    return _isEnded;
                case '\r' when _buffer[next] == '\n':
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
        if (at < _end && _buffer[at] == '"')
        {
            return TryScanQuoted(ref at);
        }

        var length = _buffer.AsSpan(at, _end - at).IndexOfAny(Stops);
        if (length < 0 && !_isEnded)
        {
            return false;
        }

        length = length < 0 ? _end - at : length;
        if (at + length < _end && _buffer[at + length] == '"')
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
            var quote = _buffer.AsSpan(close, _end - close).IndexOf('"');
            if (quote < 0)
            {
                return _isEnded ? throw Wrong(at, "begins a quoted field that does not end") : false;
            }

            close += quote;
            if (close + 1 == _end && !_isEnded)
            {
                return false;
            }

            if (close + 1 == _end || _buffer[close + 1] != '"')
            {
                break;
            }

            hasQuotes = true;
            close += 2;
        }

        _fields.Add(new(from, close - from, IsQuoted: true, hasQuotes));
        at = close + 1;
        return at == _end || _buffer[at] is ',' or '\r' or '\n' ? true : throw Wrong(at, "has more of a field behind its closing quote");
    }

    private BadDataException Wrong(int at, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"line {_nextLine + Lines(_buffer.AsSpan(_start, at - _start))} {what}"));

    private static long Lines(ReadOnlySpan<char> text) => text.Count('\n') + (text.Contains('\n') ? 0 : text.Count('\r'));

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestRow)
            {
                throw new BadDataException(string.Create(CultureInfo.InvariantCulture, $"line {_nextLine} begins a record of more than {LongestRow} characters; a quote may be missing"));
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var read = await _text.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _isEnded = read == 0;
    }

    private ReadOnlyMemory<char> Text(Field field)
    {
        var span = _buffer.AsSpan(field.Start, field.Length);
        if (!field.HasQuotes)
        {
            return _buffer.AsMemory(field.Start, field.Length);
        }

        // Doubled quotes become one in place: the field only grows shorter.
        var length = 0;
        for (var i = 0; i < span.Length; i++)
        {
            span[length++] = span[i];
            i += span[i] == '"' ? 1 : 0;
        }

        return _buffer.AsMemory(field.Start, length);
    }

    private readonly record struct Field(int Start, int Length, bool IsQuoted, bool HasQuotes);
}
