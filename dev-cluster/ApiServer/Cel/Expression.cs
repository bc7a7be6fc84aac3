namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>A node of a parsed expression. The checker fills in <see cref="Type"/>.</summary>
internal abstract class Expression(int position)
{
    /// <summary>Offset in the source, for messages.</summary>
    public int Position { get; } = position;

    public CelType Type { get; set; } = CelType.Dyn;
}

internal sealed class Literal(object? value, int position) : Expression(position)
{
    public object? Value { get; } = value;
}

internal sealed class Identifier(string name, int position) : Expression(position)
{
    public string Name { get; } = name;
}

/// <summary>A field of an object or an entry of a map; with <paramref name="test"/> the question whether it is there: <c>has(a.b)</c>.</summary>
internal sealed class Selection(Expression operand, string field, bool test, bool optional, int position) : Expression(position)
{
    public Expression Operand { get; } = operand;
    public string Field { get; } = field;
    public bool Test { get; } = test;
    public bool Optional { get; } = optional;
}

/// <summary>A function, method or operator; operators have CEL's names, such as <c>_+_</c>. A method's target is the first argument.</summary>
internal sealed class Call(string function, bool member, IReadOnlyList<Expression> arguments, int position) : Expression(position)
{
    public string Function { get; } = function;
    public bool Member { get; } = member;
    public IReadOnlyList<Expression> Arguments { get; } = arguments;

    /// <summary>The arguments that have values: all, or without the first where that is only a namespace (<c>optional.of(x)</c>).</summary>
    public IReadOnlyList<Expression> Operands { get; set; } = arguments;

    /// <summary>What the checker found to fit; several only where a type is dynamic.</summary>
    public IReadOnlyList<Overload> Overloads { get; set; } = [];
}

internal sealed class ListLiteral(IReadOnlyList<Expression> items, IReadOnlySet<int> optional, int position) : Expression(position)
{
    public IReadOnlyList<Expression> Items { get; } = items;

    /// <summary>Indexes of items written <c>?x</c>, which are left out when empty.</summary>
    public IReadOnlySet<int> Optional { get; } = optional;
}

internal sealed class MapLiteral(IReadOnlyList<MapEntry> entries, int position) : Expression(position)
{
    public IReadOnlyList<MapEntry> Entries { get; } = entries;
}

internal sealed record MapEntry(Expression Key, Expression Value, bool Optional);

internal enum MacroKind
{
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    TransformMap,

    /// <summary><c>optMap</c>: the range is an optional.</summary>
    OptionalMap,

    /// <summary><c>optFlatMap</c>: as OptionalMap, and the body is an optional itself.</summary>
    OptionalFlatMap,
}

/// <summary>
/// A macro over a list, a map's keys, or an optional. With a second variable the first is the index or key and the second the value.
/// <see cref="Condition"/> is the optional filter of <c>map(x, condition, body)</c>.
/// </summary>
internal sealed class Comprehension(
    MacroKind kind, Expression range, string variable, string? second, Expression? condition, Expression body, int position) : Expression(position)
{
    public MacroKind Kind { get; } = kind;
    public Expression Range { get; } = range;
    public string Variable { get; } = variable;
    public string? Second { get; } = second;
    public Expression? Condition { get; } = condition;
    public Expression Body { get; } = body;
}
