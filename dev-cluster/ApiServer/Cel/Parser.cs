namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Recursive descent over CEL's grammar. Every failure is a <see cref="CelException"/>.</summary>
internal sealed class Parser
{
    /// <summary>In UTF-16 units.</summary>
    private const int LongestSource = 100_000;
    private const int DeepestNesting = 200;

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var",
        "void", "while",
    };

    private static readonly string[][] BinaryLevels =
        [["||"], ["&&"], ["<", "<=", ">=", ">", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"]];

    private readonly IReadOnlyList<Token> _tokens;
    private int _at;
    private int _depth;

    private Parser(IReadOnlyList<Token> tokens) => _tokens = tokens;

    private Token Current => _tokens[_at];

    public static Expression Parse(string source)
    {
        if (source.Length > LongestSource)
        {
            throw new CelException($"expression code point size exceeds limit: size: {source.Length}, limit {LongestSource}");
        }
        var parser = new Parser(Lexer.Read(source));
        var expression = parser.Conditional();
        return parser.Current.Kind == TokenKind.End ? expression : throw parser.Unexpected("<EOF>");
    }

    private Expression Conditional()
    {
        if (++_depth > DeepestNesting)
        {
            throw new CelException("expression recursion limit exceeded: " + DeepestNesting, Current.Position);
        }
        var condition = Binary(0);
        if (Current is { Kind: TokenKind.Symbol, Text: "?", Position: var position })
        {
            _at++;
            var whenTrue = Binary(0);
            Expect(":");
            condition = new Call("_?_:_", false, [condition, whenTrue, Conditional()], position);
        }
        _depth--;
        return condition;
    }

    private Expression Binary(int level)
    {
        if (level == BinaryLevels.Length)
        {
            return Unary();
        }
        var left = Binary(level + 1);
        var chain = 0;
        while (IsOperator(level))
        {
            // A long chain makes a deep tree, which later steps walk by recursion.
            if (++chain > DeepestNesting * 4)
            {
                throw new CelException("expression recursion limit exceeded: " + (DeepestNesting * 4), Current.Position);
            }
            var token = Current;
            _at++;
            var name = token.Text == "in" ? "@in" : $"_{token.Text}_";
            left = new Call(name, false, [left, Binary(level + 1)], token.Position);
        }
        return left;
    }

    private bool IsOperator(int level) =>
        Current.Kind is TokenKind.Symbol or TokenKind.Identifier
        && (Current.Kind == TokenKind.Symbol || Current.Text == "in")
        && Array.IndexOf(BinaryLevels[level], Current.Text) >= 0;

    private Expression Unary()
    {
        if (Current is not { Kind: TokenKind.Symbol, Text: "!" or "-" })
        {
            return Member();
        }
        var token = Current;
        _at++;
        if (++_depth > DeepestNesting)
        {
            throw new CelException("expression recursion limit exceeded: " + DeepestNesting, token.Position);
        }
        var operand = token.Text == "-" && Current.Kind is TokenKind.Int or TokenKind.Double ? Negative(token) : new Call(token.Text + "_", false, [Unary()], token.Position);
        _depth--;
        return operand;
    }

    private Expression Negative(Token minus)
    {
        var token = Current;
        _at++;
        object value = token.Value is long whole ? (object)unchecked(-whole) : -(double)token.Value!;
        return Suffixes(new Literal(value, minus.Position));
    }

    private Expression Member() => Suffixes(Primary());

    private Expression Suffixes(Expression operand)
    {
        var chain = 0;
        while (Current is { Kind: TokenKind.Symbol, Text: "." or "[" })
        {
            if (++chain > DeepestNesting)
            {
                throw new CelException("expression recursion limit exceeded: " + DeepestNesting, Current.Position);
            }
            operand = Current.Text == "." ? Field(operand) : Index(operand);
        }
        return operand;
    }

    private Expression Field(Expression operand)
    {
        var dot = Current.Position;
        _at++;
        var optional = TryTake("?");
        var name = Current;
        if (name.Kind != TokenKind.Identifier)
        {
            throw Unexpected("IDENTIFIER");
        }
        _at++;
        if (Current is { Kind: TokenKind.Symbol, Text: "(" } && !optional)
        {
            var open = Current.Position;
            _at++;
            var arguments = Arguments(")");
            return Macros.Expand(operand, name.Text, arguments, open) ?? (Expression)new Call(name.Text, true, [operand, .. arguments], open);
        }
        return new Selection(operand, name.Text, test: false, optional, dot);
    }

    private Call Index(Expression operand)
    {
        var position = Current.Position;
        _at++;
        var function = TryTake("?") ? "_[?_]" : "_[_]";
        var index = Conditional();
        Expect("]");
        return new Call(function, false, [operand, index], position);
    }

    private Expression Primary()
    {
        var token = Current;
        _at++;
        switch (token)
        {
            case { Kind: TokenKind.Int, Value: long.MinValue }:
                throw new CelException("Syntax error: invalid int literal", token.Position);
            case { Kind: TokenKind.Int or TokenKind.Uint or TokenKind.Double or TokenKind.String or TokenKind.Bytes }:
                return new Literal(token.Value, token.Position);
            case { Kind: TokenKind.Symbol, Text: "(" }:
                var inner = Conditional();
                Expect(")");
                return inner;
            case { Kind: TokenKind.Symbol, Text: "[" }:
                return List(token.Position);
            case { Kind: TokenKind.Symbol, Text: "{" }:
                return Map(token.Position);
            case { Kind: TokenKind.Symbol, Text: "." } when Current.Kind == TokenKind.Identifier:
                return Primary();
            case { Kind: TokenKind.Identifier }:
                return Name(token);
            default:
                _at--;
                throw Unexpected("an expression");
        }
    }

    private Expression Name(Token token)
    {
        switch (token.Text)
        {
            case "true":
            case "false":
                return new Literal(token.Text == "true", token.Position);
            case "null":
                return new Literal(null, token.Position);
            case "in":
                _at--;
                throw Unexpected("an expression");
            default:
                break;
        }
        if (Reserved.Contains(token.Text))
        {
            throw new CelException($"Syntax error: reserved identifier: {token.Text}", token.Position);
        }
        if (Current is not { Kind: TokenKind.Symbol, Text: "(" })
        {
            return new Identifier(token.Text, token.Position);
        }
        var open = Current.Position;
        _at++;
        var arguments = Arguments(")");
        return token.Text == "has" ? Macros.Has(arguments, open) : new Call(token.Text, false, arguments, open);
    }

    private ListLiteral List(int position)
    {
        var items = new List<Expression>();
        var optional = new HashSet<int>();
        while (!TryTake("]"))
        {
            if (TryTake("?"))
            {
                optional.Add(items.Count);
            }
            items.Add(Conditional());
            Separator("]");
        }
        return new ListLiteral(items, optional, position);
    }

    private MapLiteral Map(int position)
    {
        var entries = new List<MapEntry>();
        while (!TryTake("}"))
        {
            var optional = TryTake("?");
            var key = Conditional();
            Expect(":");
            entries.Add(new MapEntry(key, Conditional(), optional));
            Separator("}");
        }
        return new MapLiteral(entries, position);
    }

    private List<Expression> Arguments(string close)
    {
        var arguments = new List<Expression>();
        while (!TryTake(close))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
            }
            arguments.Add(Conditional());
        }
        return arguments;
    }

    // After an item: a comma, or the closing bracket, which stays for the loop to take. A trailing comma is allowed.
    private void Separator(string close)
    {
        if (!TryTake(",") && Current is not { Kind: TokenKind.Symbol } || (Current.Text != close && _tokens[_at - 1] is not { Kind: TokenKind.Symbol, Text: "," }))
        {
            throw Unexpected($"'{close}'");
        }
    }

    private bool TryTake(string symbol)
    {
        var found = Current.Kind == TokenKind.Symbol && Current.Text == symbol;
        _at += found ? 1 : 0;
        return found;
    }

    private void Expect(string symbol)
    {
        if (!TryTake(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    private CelException Unexpected(string expected) => new(
        Current.Kind == TokenKind.End
            ? $"Syntax error: mismatched input '<EOF>' expecting {expected}"
            : $"Syntax error: mismatched input '{Current.Text}' expecting {expected}",
        Current.Position);
}
