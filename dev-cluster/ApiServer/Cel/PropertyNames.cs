using System.Text;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>How a property's name is written in CEL: reserved words and characters that are no part of an identifier are spelled out.</summary>
internal static class PropertyNames
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    };

    /// <summary>Null when the property cannot be named in CEL.</summary>
    public static string? Escape(string property)
    {
        if (property.Length == 0 || char.IsAsciiDigit(property[0]))
        {
            return null;
        }
        if (Reserved.Contains(property))
        {
            return $"__{property}__";
        }
        var name = new StringBuilder(property.Length);
        for (var i = 0; i < property.Length; i++)
        {
            var c = property[i];
            var spelled = c switch
            {
                '.' => "__dot__",
                '-' => "__dash__",
                '/' => "__slash__",
                '_' when i + 1 < property.Length && property[i + 1] == '_' => "__underscores__",
                _ when char.IsAsciiLetterOrDigit(c) || c == '_' => c.ToString(),
                _ => null,
            };
            if (spelled is null)
            {
                return null;
            }
            i += spelled == "__underscores__" ? 1 : 0;
            name.Append(spelled);
        }
        return name.ToString();
    }
}
