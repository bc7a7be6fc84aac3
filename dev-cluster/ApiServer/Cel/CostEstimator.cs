namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>
/// What an expression can cost at most, by the bounds of the types that it reads. Kubernetes refuses a rule on this estimate, so the
/// figures here are its figures: 1 for a variable, a field or a call, a tenth for each byte of a string that is read.
/// </summary>
internal sealed class CostEstimator
{
    private const double PerByte = 0.1;
    private const double PerPatternByte = 0.25;

    // Types with the bounds that came from the schema; null where the way to the schema was lost.
    private readonly Dictionary<Expression, Cost> _sizes = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<(string Name, CelType? Type)> _locals = [];
    private readonly IReadOnlyDictionary<string, CelType> _variables;

    private CostEstimator(IReadOnlyDictionary<string, CelType> variables) => _variables = variables;

    public static Cost Estimate(Expression expression, IReadOnlyDictionary<string, CelType> variables) => new CostEstimator(variables).Of(expression);

    private Cost Of(Expression expression) => expression switch
    {
        Literal => Cost.Fixed(0),
        Identifier => Cost.Fixed(1),
        Selection { Test: true } selection => Of(selection.Operand),
        Selection selection => Of(selection.Operand) + Cost.Fixed(selection.Operand.Type.Kind is CelKind.Map or CelKind.Object or CelKind.Optional ? 1UL : 0),
        Call call => OfCall(call),
        ListLiteral list => list.Items.Aggregate(Cost.Fixed(10), (sum, item) => sum + Of(item)),
        MapLiteral map => map.Entries.Aggregate(Cost.Fixed(30), (sum, entry) => sum + Of(entry.Key) + Of(entry.Value)),
        Comprehension comprehension => OfComprehension(comprehension),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "no such expression"),
    };

    private Cost OfCall(Call call)
    {
        var operands = call.Operands;
        var costs = operands.Select(Of).ToArray();
        var sum = costs.Aggregate(Cost.Fixed(0), (total, cost) => total + cost);
        switch (call.Function)
        {
            case "_&&_" or "_||_":
                return new Cost(costs[0].Min, sum.Max);
            case "_?_:_":
                _sizes[call] = Size(operands[1]).Union(Size(operands[2]));
                return costs[0] + costs[1].Union(costs[2]);
            default:
                return sum + Own(call, operands);
        }
    }

    private Cost Own(Call call, IReadOnlyList<Expression> operands)
    {
        var first = operands.Count > 0 ? Size(operands[0]) : Cost.Fixed(0);
        var second = operands.Count > 1 ? Size(operands[1]) : Cost.Fixed(0);
        switch (call.Function)
        {
            case "_==_" or "_!=_":
            case "_<_" or "_<=_" or "_>_" or "_>=_" when call.Overloads.Any(o => o.Parameters[0].Kind is CelKind.String or CelKind.Bytes):
                var most = Math.Min(first.Max, second.Max);
                return new Cost(most > 0 ? 1UL : 0, most) * PerByte;
            case "_+_" when call.Type.Kind is CelKind.String or CelKind.Bytes or CelKind.Dyn:
                _sizes[call] = first + second;
                return (first + second) * PerByte;
            case "_+_" when call.Type.Kind == CelKind.List:
                _sizes[call] = first + second;
                return Cost.Fixed(1);
            case "@in" when operands[1].Type.Kind != CelKind.Map:
                return second;
            case "startsWith" or "endsWith":
                return second * PerByte;
            case "contains":
                return first * PerByte * (second * PerByte);
            case "matches" or "find" or "findAll":
                // One more than the text: an expression costs something even on an empty string.
                _sizes[call] = new Cost(0, first.Max);
                return (first + Cost.Fixed(1)) * PerByte * (second * PerPatternByte);
            case "lowerAscii" or "upperAscii" or "substring" or "trim" or "reverse" or "split" or "url" or "replace" or "join" or "charAt":
                _sizes[call] = ResultSize(call.Function, operands, first);
                return call.Function == "join" ? Cost.Fixed(1) + (_sizes[call] * PerByte) : first * PerByte;
            case "isURL" or "quantity" or "isQuantity" or "isIP" or "format":
                return first * PerByte;
            case "isSorted" or "sum" or "min" or "max":
            case "indexOf" or "lastIndexOf" when operands[0].Type.Kind == CelKind.List:
                return first * (Element(operands[0]) is { Kind: CelKind.String or CelKind.Bytes } item ? Bounded(item) * PerByte : Cost.Fixed(1));
            case "indexOf" or "lastIndexOf":
                return first * PerByte * (second * PerByte);
            case "bytes" when operands[0].Type.Kind == CelKind.String:
                _sizes[call] = new Cost(first.Min, Cost.Product(first.Max, 4));
                return first * PerByte;
            case "string" when operands[0].Type.Kind is CelKind.Bytes or CelKind.String:
                _sizes[call] = first;
                return operands[0].Type.Kind == CelKind.Bytes ? first * PerByte : Cost.Fixed(1);
            default:
                return Cost.Fixed(1);
        }
    }

    private Cost ResultSize(string function, IReadOnlyList<Expression> operands, Cost first)
    {
        switch (function)
        {
            case "replace":
                var (old, replacement) = (Size(operands[1]), Size(operands[2]));
                var growth = old.Min == 0 ? Cost.Sum(replacement.Max, 1) : Math.Max(1, replacement.Max / Math.Max(1, old.Min));
                return new Cost(0, Cost.Product(Cost.Sum(first.Max, 1), growth));
            case "join":
                var separator = operands.Count > 1 ? Size(operands[1]) : Cost.Fixed(0);
                return new Cost(0, (first * ((Element(operands[0]) is { } item ? Bounded(item) : Cost.Unknown) + separator)).Max);
            case "lowerAscii" or "upperAscii" or "reverse":
                return first;
            default:
                return new Cost(0, function == "charAt" ? 4 : first.Max);
        }
    }

    private Cost OfComprehension(Comprehension node)
    {
        var range = Of(node.Range);
        var rangeType = Bounds(node.Range);
        var count = node.Kind is MacroKind.OptionalMap or MacroKind.OptionalFlatMap ? Cost.Fixed(1) : Size(node.Range);
        var keyed = rangeType?.Kind == CelKind.Map;
        var indexed = node.Second is not null && rangeType?.Kind == CelKind.List;
        _locals.Push((node.Variable, keyed ? rangeType!.Key! with { MaxElements = CelType.LargestRequest - 2 } : indexed ? CelType.Int : rangeType?.Element));
        if (node.Second is { } second)
        {
            _locals.Push((second, rangeType?.Element));
        }
        var body = Of(node.Body);
        var condition = node.Condition is null ? Cost.Fixed(0) : Of(node.Condition);
        _locals.Pop();
        if (node.Second is not null)
        {
            _locals.Pop();
        }
        // The accumulator's start, condition, step and result, as the macros expand.
        var (start, step, result) = node.Kind switch
        {
            MacroKind.All => (0UL, new Cost(1, Cost.Sum(body.Max, 1)) + Cost.Fixed(2), 1UL),
            MacroKind.Exists => (0UL, new Cost(1, Cost.Sum(body.Max, 1)) + Cost.Fixed(3), 1UL),
            MacroKind.ExistsOne => (0UL, body + new Cost(1, 2), 2UL),
            MacroKind.Filter => (10UL, body + new Cost(1, 13), 1UL),
            MacroKind.Map when node.Condition is null => (10UL, body + Cost.Fixed(12), 1UL),
            MacroKind.Map => (10UL, condition + new Cost(1, Cost.Sum(body.Max, 12)), 1UL),
            MacroKind.TransformMap => (30UL, condition + body + Cost.Fixed(2), 1UL),
            _ => (0UL, body, 1UL),
        };
        _sizes[node] = node.Kind is MacroKind.Filter or MacroKind.Map or MacroKind.TransformMap ? count : Cost.Fixed(1);
        return range + Cost.Fixed(start) + (count * step) + Cost.Fixed(result);
    }

    private Cost Size(Expression expression) => expression switch
    {
        _ when _sizes.TryGetValue(expression, out var known) => known,
        Literal { Value: string text } => Cost.Fixed((ulong)text.Length),
        Literal { Value: byte[] bytes } => Cost.Fixed((ulong)bytes.Length),
        ListLiteral list => Cost.Fixed((ulong)list.Items.Count),
        MapLiteral map => Cost.Fixed((ulong)map.Entries.Count),
        _ when Bounds(expression) is { } type => Bounded(type),
        _ => IsScalar(expression.Type) ? Cost.Fixed(1) : Cost.Unknown,
    };

    private static Cost Bounded(CelType type) => new(0, (ulong)Math.Max(0, type.MaxElements));

    private CelType? Element(Expression list) => Bounds(list)?.Element;

    private static bool IsScalar(CelType type) =>
        type.Kind is CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Duration or CelKind.Timestamp or CelKind.Type;

    // The schema's type of what an expression reads, followed from a variable through fields, items and values.
    private CelType? Bounds(Expression expression) => expression switch
    {
        Identifier name => Local(name.Name),
        Selection { Test: false } selection => Bounds(selection.Operand) switch
        {
            { Kind: CelKind.Object } type => type.Fields.GetValueOrDefault(selection.Field)?.Type,
            { Kind: CelKind.Map } type => type.Element,
            { Kind: CelKind.Optional, Element.Kind: CelKind.Object } type => type.Element.Fields.GetValueOrDefault(selection.Field)?.Type,
            _ => null,
        },
        Call { Function: "_[_]" or "_[?_]", Operands: [var container, _] } => Bounds(container)?.Element,
        Call { Function: "orValue" or "value", Operands: [var optional, ..] } => Bounds(optional),
        _ => null,
    };

    private CelType? Local(string name)
    {
        foreach (var (local, type) in _locals)
        {
            if (local == name)
            {
                return type;
            }
        }
        return _variables.GetValueOrDefault(name);
    }
}
