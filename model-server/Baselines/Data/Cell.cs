using System.Globalization;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Baselines.Data;

internal enum CellKind
{
    Missing,

    /// <summary>Characters of a format without types, which become what the model's input is.</summary>
    Raw,

    Text,
    Number,
    Whole,
    Flag,
    Vector,
}

/// <summary>What one column has in one row. Valid until the next row is read.</summary>
internal readonly struct Cell
{
    private readonly double _number;
    private readonly long _whole;

    private Cell(CellKind kind, ReadOnlyMemory<char> text = default, double number = 0, long whole = 0, ReadOnlyMemory<double> vector = default)
    {
        Kind = kind;
        Characters = text;
        Vector = vector;
        _number = number;
        _whole = whole;
    }

    public CellKind Kind { get; }

    /// <summary>Of <see cref="CellKind.Raw"/> and <see cref="CellKind.Text"/>.</summary>
    public ReadOnlyMemory<char> Characters { get; }

    /// <summary>Row-major; NaN where an element is missing.</summary>
    public ReadOnlyMemory<double> Vector { get; }

    public static Cell Raw(ReadOnlyMemory<char> text) => text.IsEmpty ? default : new(CellKind.Raw, text);

    public static Cell Text(ReadOnlyMemory<char> text) => new(CellKind.Text, text);

    public static Cell Number(double number) => new(CellKind.Number, number: number);

    public static Cell Whole(long whole) => new(CellKind.Whole, whole: whole);

    public static Cell Flag(bool flag) => new(CellKind.Flag, whole: flag ? 1 : 0);

    public static Cell Of(ReadOnlyMemory<double> vector) => new(CellKind.Vector, vector: vector);

    public bool TryNumber(out double number)
    {
        number = Kind == CellKind.Whole ? _whole : _number;
        return Kind is CellKind.Number or CellKind.Whole || (Kind == CellKind.Raw && TryParse(Characters.Span.Trim(), out number));
    }

    /// <returns>Whether it is a number without a fraction; programs write <c>3.0</c> where a column has gaps.</returns>
    public bool TryWhole(out long whole)
    {
        whole = _whole;
        if (Kind == CellKind.Whole || (Kind == CellKind.Raw && long.TryParse(Characters.Span, NumberStyles.Integer, CultureInfo.InvariantCulture, out whole)))
        {
            return true;
        }

        // Beyond 2^53 not every whole number is a double.
        if (!TryNumber(out var number) || number != Math.Truncate(number) || Math.Abs(number) > 1L << 53)
        {
            return false;
        }

        whole = (long)number;
        return true;
    }

    public bool TryFlag(out bool flag)
    {
        flag = _whole == 1;
        return Kind == CellKind.Flag
            || (Kind == CellKind.Raw && bool.TryParse(Characters.Span, out flag))
            || (TryWhole(out var whole) && whole is 0 or 1 && (flag = whole == 1) == (whole == 1));
    }

    /// <summary>For messages: the thing itself where it is short, else what kind of thing it is.</summary>
    public override string ToString() => Kind switch
    {
        CellKind.Missing => "nothing",
        CellKind.Raw or CellKind.Text => Quote.Of(Characters.ToString()),
        CellKind.Number => _number.ToString("R", CultureInfo.InvariantCulture),
        CellKind.Whole => _whole.ToString(CultureInfo.InvariantCulture),
        CellKind.Flag => _whole == 1 ? "true" : "false",
        CellKind.Vector => string.Create(CultureInfo.InvariantCulture, $"an array of {Vector.Length}"),
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "is no kind of cell"),
    };

    private static bool TryParse(ReadOnlySpan<char> text, out double number)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }

        // As numpy writes them.
        number = text is "inf" or "+inf" ? double.PositiveInfinity : double.NegativeInfinity;
        return text is "inf" or "+inf" or "-inf";
    }
}
