namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Calls that the parser turns into something else: <c>has()</c>, comprehensions, and mapping of optionals.</summary>
internal static class Macros
{
    public static Selection Has(IReadOnlyList<Expression> arguments, int position) =>
        arguments is [Selection { Test: false } field]
            ? new Selection(field.Operand, field.Field, test: true, field.Optional, position)
            : throw new CelException("invalid argument to has() macro", position);

    /// <summary>Null when the method is no macro.</summary>
    public static Comprehension? Expand(Expression target, string name, IReadOnlyList<Expression> arguments, int position)
    {
        return (name, arguments.Count) switch
        {
            ("all", 2) => One(MacroKind.All),
            ("exists", 2) => One(MacroKind.Exists),
            ("exists_one" or "existsOne", 2) => One(MacroKind.ExistsOne),
            ("filter", 2) => One(MacroKind.Filter),
            ("map", 2) => One(MacroKind.Map),
            ("map", 3) => new Comprehension(MacroKind.Map, target, Variable(arguments[0]), null, arguments[1], arguments[2], position),
            ("all", 3) => Two(MacroKind.All),
            ("exists", 3) => Two(MacroKind.Exists),
            ("exists_one" or "existsOne", 3) => Two(MacroKind.ExistsOne),
            ("transformList", 3 or 4) => Two(MacroKind.Map),
            ("transformMap", 3 or 4) => Two(MacroKind.TransformMap),
            ("optMap", 2) => One(MacroKind.OptionalMap),
            ("optFlatMap", 2) => One(MacroKind.OptionalFlatMap),
            _ => null,
        };

        Comprehension One(MacroKind kind) => new(kind, target, Variable(arguments[0]), null, null, arguments[1], position);

        Comprehension Two(MacroKind kind) => new(
            kind, target, Variable(arguments[0]), Variable(arguments[1]), arguments.Count == 4 ? arguments[2] : null, arguments[^1], position);
    }

    private static string Variable(Expression argument) =>
        argument is Identifier variable ? variable.Name : throw new CelException("argument must be a simple name", argument.Position);
}
