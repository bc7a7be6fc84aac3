using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.ModelServer.ModelYaml;

internal enum YamlScalarKind
{
    Text, Whole, Fraction, Flag, Null,
}

/// <summary>What a scalar is by YAML 1.2's core schema, as far as JSON has it too: what is quoted is text.</summary>
internal static partial class YamlScalars
{
    private const int MostShown = 60;

    public static YamlScalarKind KindOf(YamlScalarNode node)
    {
        var value = node.Value ?? "";
        return node.Style is not (ScalarStyle.Plain or ScalarStyle.Any) ? YamlScalarKind.Text : value switch
        {
            "" or "null" or "~" => YamlScalarKind.Null,
            "true" or "false" => YamlScalarKind.Flag,
            _ when Whole().IsMatch(value) => YamlScalarKind.Whole,
            _ when Fraction().IsMatch(value) => YamlScalarKind.Fraction,
            _ => YamlScalarKind.Text,
        };
    }

    /// <summary>A value as messages show it.</summary>
    public static string Show(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode { Value: { Length: > MostShown } value } => $"'{value[..MostShown]}…'",
        YamlScalarNode scalar => $"'{scalar.Value}'",
        _ => "nothing",
    };

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Fraction();
}
