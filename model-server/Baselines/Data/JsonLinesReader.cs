using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Baselines.Data;

/// <summary>One JSON object a line. The first one names the columns; what a later one lacks, or has null for, is missing. Keeps one line in memory.</summary>
internal sealed class JsonLinesReader : RowReader
{
    private readonly FileStream _file;
    private readonly Stream _content;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<double> _elements = [];
    private readonly RowBuffer<byte> _buffer;
    private long _line;
    private Cell[] _row = [];
    private TableColumn[] _columns = [];
    private bool _isRead;

    private JsonLinesReader(FileStream file, Stream content)
    {
        _file = file;
        _content = content;
        _buffer = new(content.ReadAsync);
    }

    public override IReadOnlyList<TableColumn> Columns => _columns;

    public override ReadOnlySpan<Cell> Row => _row;

    public override string Place => string.Create(CultureInfo.InvariantCulture, $"line {_line}");

    public override double Share => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <param name="file">What <paramref name="content"/> is read of.</param>
    /// <exception cref="BadDataException">There is no line, or it is no object.</exception>
    public static async Task<JsonLinesReader> OpenAsync(FileStream file, Stream content, CancellationToken cancellationToken)
    {
        var reader = new JsonLinesReader(file, content);
        var line = await reader.LineAsync(cancellationToken) ?? throw new BadDataException("the file is empty; each line must be a JSON object with a row's columns");
        var names = reader.Names(line.Span);
        RequireNames(names);
        for (var i = 0; i < names.Count; i++)
        {
            reader._places.Add(names[i], i);
        }

        reader._row = new Cell[names.Count];
        reader.Parse(line.Span);
        reader._columns = [.. names.Zip(reader._row, (name, cell) => new TableColumn(name, cell.Kind))];
        reader._isRead = true;
        return reader;
    }

    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isRead)
        {
            _isRead = false;
            return true;
        }

        if (await LineAsync(cancellationToken) is not { } line)
        {
            return false;
        }

        Parse(line.Span);
        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync();
        await _file.DisposeAsync();
    }

    /// <returns>The next line that is not blank; null behind the last.</returns>
    private async ValueTask<ReadOnlyMemory<byte>?> LineAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var length = _buffer.Items.AsSpan(_buffer.Start + searched, _buffer.End - _buffer.Start - searched).IndexOf((byte)'\n');
            if (length < 0 && !_buffer.IsEnded)
            {
                searched = _buffer.End - _buffer.Start;
                await _buffer.FillAsync(() => string.Create(CultureInfo.InvariantCulture, $"line {_line + 1} is longer than {LongestRow} bytes"), cancellationToken);
                continue;
            }

            if (length < 0 && _buffer.Start == _buffer.End)
            {
                return null;
            }

            var line = _buffer.Items.AsMemory(_buffer.Start, length < 0 ? _buffer.End - _buffer.Start : searched + length);
            _buffer.Start = Math.Min(_buffer.End, _buffer.Start + line.Length + 1);
            searched = 0;
            _line++;
            line = _line == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;
            if (line.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return line;
            }
        }
    }

    private List<string> Names(ReadOnlySpan<byte> line)
    {
        var names = new List<string>();
        Walk(line, (name, ref reader) =>
        {
            names.Add(name);
            reader.Skip();
        });
        return names;
    }

    private void Parse(ReadOnlySpan<byte> line)
    {
        Array.Clear(_row);
        Walk(line, (name, ref reader) =>
        {
            if (!_places.TryGetValue(name, out var column))
            {
                throw new BadDataException($"{Place} has a column {Quote.Of(name)}, which the first line has not");
            }

            _row[column] = Value(name, ref reader);
        });
    }

    private delegate void Visit(string name, ref Utf8JsonReader reader);

    private void Walk(ReadOnlySpan<byte> line, Visit visit)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new BadDataException($"{Place} is no JSON object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString() ?? "";
                reader.Read();
                visit(name, ref reader);
            }

            reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // The line that it names is always the first one: it sees one line at a time.
            throw new BadDataException($"{Place} is no JSON object: {exception.Message}", exception);
        }
    }

    private Cell Value(string name, ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => default,
        JsonTokenType.True => Cell.Flag(true),
        JsonTokenType.False => Cell.Flag(false),
        JsonTokenType.String => Cell.Text(reader.GetString().AsMemory()),
        JsonTokenType.Number => reader.TryGetInt64(out var whole) ? Cell.Whole(whole) : Cell.Number(reader.GetDouble()),
        JsonTokenType.StartArray => Vector(name, ref reader),
        _ => throw new BadDataException($"{Place}: column {Quote.Of(name)} holds an object; a row holds numbers, texts, true, false, null and arrays of numbers"),
    };

    private Cell Vector(string name, ref Utf8JsonReader reader)
    {
        _elements.Clear();
        for (var depth = reader.CurrentDepth; reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth);)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Number: _elements.Add(reader.GetDouble()); break;
                case JsonTokenType.Null: _elements.Add(double.NaN); break;
                case JsonTokenType.StartArray or JsonTokenType.EndArray: break;
                default: throw new BadDataException($"{Place}: column {Quote.Of(name)} holds an array with something else than numbers");
            }
        }

        return Cell.Of(_elements.ToArray());
    }
}
