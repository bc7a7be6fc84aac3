namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>A compiled expression: parsed once, run often, from any thread.</summary>
internal sealed class CelProgram
{
    private readonly Expression _expression;

    private CelProgram(Expression expression, bool usesOldSelf, Cost cost)
    {
        _expression = expression;
        UsesOldSelf = usesOldSelf;
        Cost = cost;
    }

    public CelType Type => _expression.Type;

    /// <summary>True when the expression compares with the object as it was.</summary>
    public bool UsesOldSelf { get; }

    /// <summary>The estimate by which Kubernetes accepts or refuses the expression.</summary>
    public Cost Cost { get; }

    /// <summary>Compiles a rule on a value of type <paramref name="self"/>; throws <see cref="CelException"/> with the place of the fault.</summary>
    public static CelProgram Compile(string source, CelType self, bool optionalOldSelf = false)
    {
        var expression = Parser.Parse(source);
        var variables = new Dictionary<string, CelType>(StringComparer.Ordinal)
        {
            ["self"] = self,
            ["oldSelf"] = optionalOldSelf ? CelType.Optional(self) : self,
        };
        new Checker(variables).Check(expression);
        return new CelProgram(expression, Names(expression).Contains("oldSelf"), CostEstimator.Estimate(expression, variables));
    }

    /// <summary><paramref name="oldSelf"/> is null when there is no earlier value to compare with.</summary>
    public object? Run(object? self, object? oldSelf, Budget budget)
    {
        budget.StartRule();
        return new Evaluator(budget).Evaluate(_expression, new Scope("self", self, new Scope("oldSelf", oldSelf, null)));
    }

    private static IEnumerable<string> Names(Expression expression) => expression switch
    {
        Identifier name => [name.Name],
        Selection selection => Names(selection.Operand),
        Call call => call.Operands.SelectMany(Names),
        ListLiteral list => list.Items.SelectMany(Names),
        MapLiteral map => map.Entries.SelectMany(entry => Names(entry.Key).Concat(Names(entry.Value))),
        Comprehension node => Names(node.Range).Concat(Names(node.Body)).Concat(node.Condition is null ? [] : Names(node.Condition)),
        _ => [],
    };
}
