namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Gives every node of an expression its type and every call the overloads that fit. The first fault is thrown.</summary>
internal sealed class Checker(IReadOnlyDictionary<string, CelType> variables)
{
    private static readonly HashSet<string> Namespaces = new(StringComparer.Ordinal) { "optional", "sets", "math", "jsonpatch" };

    private static readonly Dictionary<string, CelType> TypeNames = new(StringComparer.Ordinal)
    {
        ["bool"] = CelType.Bool,
        ["int"] = CelType.Int,
        ["uint"] = CelType.Uint,
        ["double"] = CelType.Real,
        ["string"] = CelType.Text,
        ["bytes"] = CelType.Bytes,
        ["list"] = CelType.List(CelType.Dyn),
        ["map"] = CelType.Map(CelType.Dyn, CelType.Dyn),
        ["null_type"] = CelType.Null,
    };

    private readonly Stack<(string Name, CelType Type)> _locals = [];

    public CelType Check(Expression expression) => expression.Type = expression switch
    {
        Literal literal => TypeOf(literal.Value),
        Identifier name => Variable(name),
        Selection selection => Select(selection),
        Call call => Resolve(call),
        ListLiteral list => CelType.List(Common(list.Items.Select((item, i) => Unwrapped(item, list.Optional.Contains(i))))),
        MapLiteral map => CelType.Map(
            Common(map.Entries.Select(entry => (Check(entry.Key), entry.Key))), Common(map.Entries.Select(entry => Unwrapped(entry.Value, entry.Optional)))),
        Comprehension comprehension => Comprehend(comprehension),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "no such expression"),
    };

    /// <summary>The value of a name that stands for a type; null for other names.</summary>
    public static CelType? TypeNamed(string name) => TypeNames.GetValueOrDefault(name);

    private static CelType TypeOf(object? value) => value switch
    {
        null => CelType.Null,
        bool => CelType.Bool,
        long => CelType.Int,
        ulong => CelType.Uint,
        double => CelType.Real,
        string => CelType.Text,
        _ => CelType.Bytes,
    };

    private CelType Variable(Identifier name)
    {
        foreach (var (local, type) in _locals)
        {
            if (local == name.Name)
            {
                return type;
            }
        }
        return variables.GetValueOrDefault(name.Name)
            ?? (TypeNames.ContainsKey(name.Name) ? CelType.TypeType : throw Undeclared(name.Name, name.Position));
    }

    private static CelException Undeclared(string name, int position) =>
        new($"undeclared reference to '{name}' (in container '')", position) { Unsupported = FunctionTable.Unsupported.Contains(name) };

    private CelType Select(Selection selection)
    {
        var operand = Check(selection.Operand);
        var wrapped = operand.Kind == CelKind.Optional;
        var container = wrapped ? operand.Element! : operand;
        var field = container.Kind switch
        {
            CelKind.Dyn => CelType.Dyn,
            CelKind.Map => container.Element!,
            CelKind.Object => container.Fields.GetValueOrDefault(selection.Field)?.Type
                ?? throw new CelException($"undefined field '{selection.Field}'", selection.Position),
            _ => throw new CelException($"type '{container}' does not support field selection", selection.Position),
        };
        return selection.Test ? CelType.Bool : wrapped || selection.Optional ? CelType.Optional(field) : field;
    }

    private CelType Resolve(Call call)
    {
        // optional.of(x): the target is a namespace, no value.
        if (call is { Member: true, Arguments: [Identifier space, ..] } && Namespaces.Contains(space.Name))
        {
            call.Operands = [.. call.Arguments.Skip(1)];
            return Choose(call, $"{space.Name}.{call.Function}", member: false, [.. call.Operands.Select(Check)]);
        }
        if (call is { Function: "format", Arguments: [var template, ListLiteral values] })
        {
            // The one list whose items may be of different types.
            foreach (var value in values.Items)
            {
                Check(value);
            }
            values.Type = CelType.List(CelType.Dyn);
            return Choose(call, call.Function, call.Member, [Check(template), values.Type]);
        }
        return Choose(call, call.Function, call.Member, [.. call.Arguments.Select(Check)]);
    }

    private static CelType Choose(Call call, string name, bool member, CelType[] arguments)
    {
        var known = FunctionTable.Find(name);
        if (known.Count == 0)
        {
            throw Undeclared(name, call.Position);
        }
        CelType? result = null;
        var fitting = new List<Overload>();
        foreach (var overload in known.Where(overload => overload.Member == member && overload.Parameters.Count == arguments.Length))
        {
            var bindings = new TypeBindings();
            if (overload.Parameters.Zip(arguments).All(pair => bindings.Take(pair.First, pair.Second)))
            {
                fitting.Add(overload);
                var type = bindings.Apply(overload.Result);
                result = result is null || result.Same(type) ? type : CelType.Dyn;
            }
        }
        call.Overloads = fitting;
        return result ?? throw new CelException($"found no matching overload for '{name}' applied to '{Describe(member, arguments)}'", call.Position);
    }

    private static string Describe(bool member, CelType[] arguments) => member
        ? $"{arguments[0]}.({string.Join(", ", arguments.Skip(1))})"
        : $"({string.Join(", ", arguments.AsEnumerable())})";

    private (CelType Type, Expression Node) Unwrapped(Expression item, bool optional)
    {
        var type = Check(item);
        if (optional && type.Kind is not (CelKind.Optional or CelKind.Dyn))
        {
            throw new CelException($"expected type 'optional_type({type})' but found '{type}'", item.Position);
        }
        return (optional ? type.Element ?? CelType.Dyn : type, item);
    }

    private static CelType Common(IEnumerable<(CelType Type, Expression Node)> items)
    {
        CelType? common = null;
        foreach (var (type, node) in items)
        {
            common ??= type;
            if (!new TypeBindings().Take(common, type))
            {
                throw new CelException($"expected type '{common}' but found '{type}'", node.Position);
            }
        }
        return common ?? CelType.Dyn;
    }

    private CelType Comprehend(Comprehension node)
    {
        var range = Check(node.Range);
        var (first, second) = (node.Kind, range.Kind) switch
        {
            (MacroKind.OptionalMap or MacroKind.OptionalFlatMap, CelKind.Optional) => (range.Element!, CelType.Dyn),
            (MacroKind.OptionalMap or MacroKind.OptionalFlatMap, CelKind.Dyn) => (CelType.Dyn, CelType.Dyn),
            (not (MacroKind.OptionalMap or MacroKind.OptionalFlatMap), CelKind.List) => node.Second is null ? (range.Element!, CelType.Dyn) : (CelType.Int, range.Element!),
            (not (MacroKind.OptionalMap or MacroKind.OptionalFlatMap), CelKind.Map) => (range.Key!, range.Element!),
            (_, CelKind.Dyn) => (CelType.Dyn, CelType.Dyn),
            _ => throw new CelException($"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)", node.Range.Position),
        };
        _locals.Push((node.Variable, first));
        if (node.Second is { } name)
        {
            _locals.Push((name, second));
        }
        if (node.Condition is { } condition)
        {
            ExpectBool(condition);
        }
        var body = node.Kind is MacroKind.All or MacroKind.Exists or MacroKind.ExistsOne or MacroKind.Filter ? ExpectBool(node.Body) : Check(node.Body);
        _locals.Pop();
        if (node.Second is not null)
        {
            _locals.Pop();
        }
        return node.Kind switch
        {
            MacroKind.Filter => range.Kind == CelKind.Map ? CelType.List(range.Key!) : range.Kind == CelKind.List ? CelType.List(range.Element!) : CelType.List(CelType.Dyn),
            MacroKind.Map => CelType.List(body),
            MacroKind.TransformMap => CelType.Map(first, body),
            MacroKind.OptionalMap => CelType.Optional(body),
            MacroKind.OptionalFlatMap => body,
            _ => CelType.Bool,
        };
    }

    private CelType ExpectBool(Expression expression) => Check(expression) is { Kind: CelKind.Bool or CelKind.Dyn } type
        ? type
        : throw new CelException($"expected type 'bool' but found '{expression.Type}'", expression.Position);
}
