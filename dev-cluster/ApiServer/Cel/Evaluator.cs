namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Computes the value of a checked expression within a budget. Failures of evaluation are <see cref="CelException"/>.</summary>
internal sealed class Evaluator(Budget budget)
{
    /// <summary>Cost units for each character that a string operation reads.</summary>
    private const double PerCharacter = 0.1;

    public object? Evaluate(Expression expression, Scope? scope) => expression switch
    {
        Literal literal => literal.Value,
        Identifier name => Variable(name, scope),
        Selection selection => Select(selection, scope),
        Call call => Invoke(call, scope),
        ListLiteral list => List(list, scope),
        MapLiteral map => Map(map, scope),
        Comprehension comprehension => new ComprehensionRun(this, budget, comprehension, scope).Run(),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "no such expression"),
    };

    private object? Variable(Identifier name, Scope? scope)
    {
        budget.Spend(1);
        return Scope.TryFind(scope, name.Name, out var value)
            ? value
            : Checker.TypeNamed(name.Name) ?? throw new CelException($"no such attribute(s): {name.Name}");
    }

    private object? Select(Selection selection, Scope? scope)
    {
        var operand = Evaluate(selection.Operand, scope);
        budget.Spend(1);
        if (operand is CelOptional optional)
        {
            if (!optional.HasValue)
            {
                return selection.Test ? false : CelOptional.None;
            }
            return selection.Test ? Has(optional.Value, selection) : Optional(optional.Value, selection);
        }
        if (selection.Test)
        {
            return Has(operand, selection);
        }
        return selection.Optional
            ? Optional(operand, selection)
            : Field(operand, selection, out var value) ? value : throw new CelException($"no such key: {selection.Field}");
    }

    private static bool Has(object? operand, Selection selection) => Field(operand, selection, out _);

    private static CelOptional Optional(object? operand, Selection selection) =>
        Field(operand, selection, out var value) ? CelOptional.Of(value) : CelOptional.None;

    private static bool Field(object? operand, Selection selection, out object? value)
    {
        var type = selection.Operand.Type.Kind == CelKind.Optional ? selection.Operand.Type.Element! : selection.Operand.Type;
        var property = type.Fields.TryGetValue(selection.Field, out var field) ? field.Property : selection.Field;
        return operand is CelMap map ? map.TryGet(property, out value) : throw new CelException("no such overload");
    }

    private object? Invoke(Call call, Scope? scope)
    {
        switch (call.Function)
        {
            case "_&&_":
                return Logic(call, scope, decisive: false);
            case "_||_":
                return Logic(call, scope, decisive: true);
            case "_?_:_":
                return Evaluate(call.Operands[Evaluate(call.Operands[0], scope) is bool condition
                    ? condition ? 1 : 2
                    : throw new CelException("no such overload")], scope);
            default:
                break;
        }
        var values = new object?[call.Operands.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Evaluate(call.Operands[i], scope);
        }
        budget.Spend(Cost(call.Function, values));
        foreach (var overload in call.Overloads)
        {
            if (overload.Accepts(values))
            {
                return overload.Invoke(values);
            }
        }
        throw new CelException("no such overload");
    }

    // Either side may fail if the other decides.
    private bool Logic(Call call, Scope? scope, bool decisive)
    {
        CelException? fault = null;
        foreach (var operand in call.Operands)
        {
            try
            {
                if (Evaluate(operand, scope) is not bool value)
                {
                    fault ??= new CelException("no such overload");
                }
                else if (value == decisive)
                {
                    return decisive;
                }
            }
            catch (CelException e) when (!e.OverBudget)
            {
                fault ??= e;
            }
        }
        return fault is null ? !decisive : throw fault;
    }

    private List<object?> List(ListLiteral list, Scope? scope)
    {
        budget.Spend(10);
        var items = new List<object?>(list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = Evaluate(list.Items[i], scope);
            if (list.Optional.Contains(i) && item is CelOptional optional)
            {
                if (optional.HasValue)
                {
                    items.Add(optional.Value);
                }
            }
            else
            {
                items.Add(item);
            }
        }
        return items;
    }

    private CelDictionary Map(MapLiteral map, Scope? scope)
    {
        budget.Spend(30);
        var entries = new List<KeyValuePair<object, object?>>(map.Entries.Count);
        foreach (var entry in map.Entries)
        {
            var key = Evaluate(entry.Key, scope) is { } found and (string or long or ulong or bool)
                ? found
                : throw new CelException("unsupported key type");
            if (entries.Any(present => CelEquality.Same(present.Key, key)))
            {
                throw new CelException($"Failed with repeated key: {key}");
            }
            var value = Evaluate(entry.Value, scope);
            if (!entry.Optional || value is not CelOptional optional)
            {
                entries.Add(KeyValuePair.Create(key, value));
            }
            else if (optional.HasValue)
            {
                entries.Add(KeyValuePair.Create(key, optional.Value));
            }
        }
        return new CelDictionary(entries);
    }

    private static long Cost(string function, object?[] values)
    {
        long cost = 1;
        foreach (var value in values)
        {
            cost += value switch
            {
                string text => (long)(text.Length * PerCharacter),
                byte[] bytes => (long)(bytes.Length * PerCharacter),
                IReadOnlyList<object?> list when function is not ("_[_]" or "_[?_]" or "size") => list.Count,
                CelMap map when function is "_==_" or "_!=_" => map.Count,
                _ => 0,
            };
        }
        return cost;
    }
}
