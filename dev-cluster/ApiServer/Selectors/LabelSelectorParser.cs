using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Selectors;

/// <summary>Reads the language of <c>labelSelector</c>. Every refusal is a 400 in the words of the API server's parser.</summary>
internal sealed class LabelSelectorParser
{
    private const string EndOfString = "end of string";
    private const string Special = "=!(),><";

    private readonly List<string> _tokens;
    private int _next;

    public LabelSelectorParser(string text) => _tokens = Tokens(text);

    public IReadOnlyList<LabelRequirement> Parse()
    {
        var requirements = new List<LabelRequirement>();
        while (true)
        {
            if (IsIdentifier(Peek) || Peek == "!")
            {
                requirements.Add(Requirement());
                if (Peek.Length == 0)
                {
                    return requirements;
                }

                if (Take() is var separator && separator != ",")
                {
                    throw Refused($"found '{separator}', expected: ',' or '{EndOfString}'");
                }

                if (!IsIdentifier(Peek) && Peek != "!")
                {
                    throw Refused($"found '{Peek}', expected: identifier after ','");
                }
            }
            else if (Peek.Length == 0)
            {
                return requirements;
            }
            else
            {
                throw Refused($"found '{Peek}', expected: !, identifier, or '{EndOfString}'");
            }
        }
    }

    private string Peek => _next < _tokens.Count ? _tokens[_next] : "";

    private string Take() => _next < _tokens.Count ? _tokens[_next++] : "";

    private LabelRequirement Requirement()
    {
        var negated = Peek == "!";
        if (negated)
        {
            Take();
        }

        var key = Take();
        if (!IsIdentifier(key))
        {
            throw Requirement($"found '{key}', expected: identifier");
        }

        if (negated)
        {
            return new LabelRequirement(key, LabelOperator.DoesNotExist, []);
        }

        if (Peek is "" or ",")
        {
            return new LabelRequirement(key, LabelOperator.Exists, []);
        }

        return Take() switch
        {
            "in" => new LabelRequirement(key, LabelOperator.In, Values()),
            "notin" => new LabelRequirement(key, LabelOperator.NotIn, Values()),
            "=" or "==" => new LabelRequirement(key, LabelOperator.In, [Value()]),
            "!=" => new LabelRequirement(key, LabelOperator.NotIn, [Value()]),
            ">" => new LabelRequirement(key, LabelOperator.GreaterThan, [Value()]),
            "<" => new LabelRequirement(key, LabelOperator.LessThan, [Value()]),
            var other => throw Requirement($"found '{other}', expected: in, notin, =, ==, !=, gt, lt"),
        };
    }

    private string Value() => Peek is "" or "," ? "" : IsIdentifier(Peek) ? Take() : throw Requirement($"found '{Peek}', expected: identifier");

    private List<string> Values()
    {
        if (Take() is var open && open != "(")
        {
            throw Requirement($"found '{open}' expected: '('");
        }

        var values = new List<string> { ListValue() };
        while (Take() is var separator && separator != ")")
        {
            if (separator != ",")
            {
                throw Requirement($"found '{separator}', expected: ',' or ')'");
            }

            values.Add(ListValue());
        }

        return values;
    }

    private string ListValue() => Peek is "," or ")" ? "" : IsIdentifier(Peek) ? Take() : throw Requirement($"found '{Peek}', expected: ',', ')' or identifier");

    private static bool IsIdentifier(string token) => token.Length > 0 && !Special.Contains(token[0], StringComparison.Ordinal);

    private static StatusException Requirement(string message) => Refused("unable to parse requirement: " + message);

    private static StatusException Refused(string message) => StatusErrors.BadRequest(message);

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var start = at++;
            if (Special.Contains(text[start], StringComparison.Ordinal))
            {
                at += text.AsSpan(start) is ['=' or '!', '=', ..] ? 1 : 0;
            }
            else
            {
                while (at < text.Length && !char.IsWhiteSpace(text[at]) && !Special.Contains(text[at], StringComparison.Ordinal))
                {
                    at++;
                }
            }

            tokens.Add(text[start..at]);
        }

        return tokens;
    }
}
