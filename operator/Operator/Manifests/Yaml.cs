using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.Operator.Manifests;

/// <summary>YAML in and out, as the same values as JSON, read as kubectl reads it.</summary>
public static class Yaml
{
    private const string Unclosed = "did not find expected ',' or ']'";

    /// <summary>The first document of a text; null for an empty one.</summary>
    /// <exception cref="FormatException">The text is no YAML; the message names the line.</exception>
    public static JsonNode? Parse(string text) => ParseAll(text) is [var first, ..] ? first : null;

    /// <summary>Every document of a text.</summary>
    /// <inheritdoc cref="Parse"/>
    public static IReadOnlyList<JsonNode?> ParseAll(string text)
    {
        var stream = new YamlStream();
        var parser = new Parser(new StringReader(text));
        try
        {
            stream.Load(parser);
        }
        catch (InvalidOperationException e)
        {
            // The parser answers so where the text ends inside of brackets.
            throw new FormatException($"yaml: line {parser.Current?.End.Line ?? 1}: {Unclosed}", e);
        }
        catch (YamlException e)
        {
            throw new FormatException($"yaml: line {e.Start.Line}: {Reason(e)}", e);
        }

        return [.. stream.Documents.Select(document => ToJson(document.RootNode))];
    }

    /// <summary>The value as YAML with sorted fields, as the API server writes it.</summary>
    public static string Write(JsonNode? value)
    {
        var writer = new StringWriter(CultureInfo.InvariantCulture);
        new YamlStream(new YamlDocument(FromJson(value))).Save(writer, assignAnchors: false);
        var text = writer.ToString();
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    private static string Reason(YamlException e) =>
        e.Message.Contains("flow sequence", StringComparison.Ordinal) ? Unclosed : e.Message;

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(Pair)),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => throw new FormatException($"yaml: line {node.Start.Line}: a {node.NodeType} cannot be read"),
    };

    private static KeyValuePair<string, JsonNode?> Pair(KeyValuePair<YamlNode, YamlNode> child) =>
        KeyValuePair.Create(((YamlScalarNode)child.Key).Value ?? "", ToJson(child.Value));

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not ScalarStyle.Plain || scalar.Tag is { IsEmpty: false, Value: "tag:yaml.org,2002:str" })
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => JsonValue.Create(integer),
            // A number that no double holds is a text to kubectl, too.
            _ when LooksNumeric(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static bool LooksNumeric(string text) => char.IsAsciiDigit(text[^1]) || text[^1] == '.';

    private static YamlNode FromJson(JsonNode? value) => value switch
    {
        null => new YamlScalarNode("null"),
        JsonObject map => new YamlMappingNode(
            map.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .SelectMany(pair => new[] { Text(pair.Key), FromJson(pair.Value) }))
        { Style = map.Count == 0 ? YamlDotNet.Core.Events.MappingStyle.Flow : YamlDotNet.Core.Events.MappingStyle.Block },
        JsonArray list => new YamlSequenceNode(list.Select(FromJson)) { Style = list.Count == 0 ? YamlDotNet.Core.Events.SequenceStyle.Flow : YamlDotNet.Core.Events.SequenceStyle.Block },
        JsonValue scalar when scalar.GetValueKind() == System.Text.Json.JsonValueKind.String => Text((string)scalar!),
        _ => new YamlScalarNode(value.ToJsonString()),
    };

    private static YamlScalarNode Text(string text) => new(text)
    {
        Style = Scalar(new YamlScalarNode(text) { Style = ScalarStyle.Plain }) is JsonValue read
            && read.GetValueKind() == System.Text.Json.JsonValueKind.String && !LooksLikeTime(text)
            ? text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal : ScalarStyle.Any
            : ScalarStyle.DoubleQuoted,
    };

    private static bool LooksLikeTime(string text) =>
        text.Length >= 10 && text[4] == '-' && char.IsAsciiDigit(text[0])
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
