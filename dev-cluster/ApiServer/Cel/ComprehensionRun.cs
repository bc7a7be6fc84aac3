namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>One evaluation of a macro over its range.</summary>
internal sealed class ComprehensionRun(Evaluator evaluator, Budget budget, Comprehension node, Scope? scope)
{
    public object? Run()
    {
        var range = evaluator.Evaluate(node.Range, scope);
        return node.Kind switch
        {
            MacroKind.All => Decide(range, decisive: false),
            MacroKind.Exists => Decide(range, decisive: true),
            MacroKind.ExistsOne => Elements(range).Count(element => IsTrue(evaluator.Evaluate(node.Body, element.Scope))) == 1,
            MacroKind.Filter => Elements(range)
                .Where(element => IsTrue(evaluator.Evaluate(node.Body, element.Scope))).Select(element => element.First).ToList(),
            MacroKind.Map => Kept(range).Select(element => evaluator.Evaluate(node.Body, element.Scope)).ToList(),
            MacroKind.TransformMap => new CelDictionary(
                [.. Kept(range).Select(element => KeyValuePair.Create(element.First!, evaluator.Evaluate(node.Body, element.Scope)))]),
            MacroKind.OptionalMap => OptionalBody(range) is (true, var value) ? CelOptional.Of(value) : CelOptional.None,
            MacroKind.OptionalFlatMap => OptionalBody(range) is (true, var inner) ? inner : CelOptional.None,
            _ => throw new ArgumentOutOfRangeException(nameof(node), node.Kind, "no such macro"),
        };
    }

    private (bool There, object? Value) OptionalBody(object? range) => range is not CelOptional optional
        ? throw new CelException("no such overload")
        : optional.HasValue ? (true, evaluator.Evaluate(node.Body, new Scope(node.Variable, optional.Value, scope))) : (false, null);

    // An element that fails does not matter if another one decides.
    private bool Decide(object? range, bool decisive)
    {
        CelException? fault = null;
        foreach (var element in Elements(range))
        {
            try
            {
                if (IsTrue(evaluator.Evaluate(node.Body, element.Scope)) == decisive)
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

    private IEnumerable<(object? First, Scope Scope)> Kept(object? range) => node.Condition is { } condition
        ? Elements(range).Where(element => IsTrue(evaluator.Evaluate(condition, element.Scope)))
        : Elements(range);

    private IEnumerable<(object? First, Scope Scope)> Elements(object? range)
    {
        switch (range)
        {
            case IReadOnlyList<object?> list:
                for (var i = 0; i < list.Count; i++)
                {
                    budget.Spend(1);
                    yield return node.Second is null ? Element(list[i], null) : Element((long)i, list[i]);
                }
                break;
            case CelMap map:
                foreach (var key in map.Keys)
                {
                    budget.Spend(1);
                    yield return Element(key, map.TryGet(key, out var value) ? value : null);
                }
                break;
            default:
                throw new CelException("no such overload");
        }
    }

    private (object? First, Scope Scope) Element(object? first, object? second)
    {
        var inner = new Scope(node.Variable, first, scope);
        return (first, node.Second is { } name ? new Scope(name, second, inner) : inner);
    }

    private static bool IsTrue(object? value) => value is bool truth ? truth : throw new CelException("no such overload");
}
