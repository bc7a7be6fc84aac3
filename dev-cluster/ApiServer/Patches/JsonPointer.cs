using System.Globalization;

namespace Slipway.DevCluster.ApiServer.Patches;

/// <summary>A JSON pointer (RFC 6901) as its unescaped tokens.</summary>
internal static class JsonPointer
{
    /// <returns>Null when the text is no pointer: not empty, and not starting with a slash.</returns>
    public static string[]? Parse(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        if (text[0] != '/')
        {
            return null;
        }

        var tokens = text[1..].Split('/');
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = tokens[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        }

        return tokens;
    }

    /// <summary>The position a token names in a list of <paramref name="count"/> items; negative ones count from the end, as Kubernetes allows.</summary>
    public static bool TryIndex(string token, int count, out int index) =>
        int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index)
        && (index >= 0 || (index += count) >= 0)
        && index < count;
}
