using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Values as the API server's messages print them: compact JSON with sorted keys, quoted strings, shortest numbers.</summary>
internal static class GoText
{
    /// <summary>Compact JSON, object keys in ordinal order, with <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped.</summary>
    public static string Json(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    /// <summary>The value after "Invalid value: ": a quoted string, a bare number or boolean, else JSON.</summary>
    public static string Value(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? Quote(text) : Json(node);

    /// <summary>A string in double quotes with the escapes of a Go string literal.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or '\x7f' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>The shortest decimal that reads back as the same number; exponents as in <c>1e+21</c>.</summary>
    public static string Number(double number)
    {
        var size = Math.Abs(number);
        return size is 0 or (>= 1e-6 and < 1e21)
            ? number.ToString("0.#################################", CultureInfo.InvariantCulture) is var plain
                && double.Parse(plain, CultureInfo.InvariantCulture).Equals(number)
                    ? plain
                    : number.ToString("R", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject map:
                AppendObject(text, map);
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    Append(i == 0 ? text : text.Append(','), list[i]);
                }
                text.Append(']');
                break;
            case JsonValue value when value.TryGetValue(out string? content):
                AppendString(text, content);
                break;
            case JsonValue value when JsonNumber.TryRead(value, out var number):
                text.Append(number.ToString());
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void AppendObject(StringBuilder text, JsonObject map)
    {
        text.Append('{');
        var first = true;
        foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            AppendString(first ? text : text.Append(','), key);
            Append(text.Append(':'), value);
            first = false;
        }
        text.Append('}');
    }

    private static void AppendString(StringBuilder text, string content)
    {
        text.Append('"');
        foreach (var c in content)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }
}
