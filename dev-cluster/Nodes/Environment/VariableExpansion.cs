using System.Text;

namespace Slipway.DevCluster.Nodes.Environment;

/// <summary>Expands <c>$(NAME)</c>; <c>$$(NAME)</c> stands for itself, and an unknown name stays as it is written.</summary>
internal static class VariableExpansion
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> known)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '$' || at + 1 == text.Length)
            {
                result.Append(text[at]);
                continue;
            }

            var end = text[at + 1] == '(' ? text.IndexOf(')', at) : -1;
            if (text[at + 1] == '$')
            {
                result.Append('$');
                at++;
            }
            else if (end > 0)
            {
                result.Append(known.TryGetValue(text[(at + 2)..end], out var value) ? value : text[at..(end + 1)]);
                at = end;
            }
            else
            {
                result.Append('$');
            }
        }

        return result.ToString();
    }
}
