using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.ModelServer.ModelYaml;

/// <summary>What keeps a small file from costing much memory or stack.</summary>
internal static class YamlBounds
{
    // The parser recurses; a file that nests deeper than any request does is not worth a stack.
    private const int Deepest = 64;

    /// <returns>Null when the text may be loaded, else why not.</returns>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static string? WhyNot(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current is MappingStart or SequenceStart ? 1 : parser.Current is MappingEnd or SequenceEnd ? -1 : 0;
            if (parser.Current is AnchorAlias alias)
            {
                // Aliases can make a small file stand for gigabytes.
                return $"line {alias.Start.Line} has an alias; write the value out";
            }

            if (depth > Deepest)
            {
                return $"line {parser.Current!.Start.Line} is nested deeper than {Deepest} levels";
            }
        }

        return null;
    }
}
