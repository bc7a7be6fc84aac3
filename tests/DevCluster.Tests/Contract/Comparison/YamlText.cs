using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>Reads a YAML answer as a tree of strings, so that it can be compared where quoting and order do not matter.</summary>
internal static class YamlText
{
    public static JsonNode? ToJson(string yaml)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(yaml));
        return stream.Documents.Count == 0 ? null : ToJson(stream.Documents[0].RootNode);
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(pair.Key.ToString(), ToJson(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode scalar => scalar.Value,
        _ => null,
    };
}
