using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Slipway.ModelServer.ModelYaml;

/// <summary>Writes YAML as the JSON that it stands for.</summary>
internal static class YamlJson
{
    public static byte[] Write(YamlNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, node);
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                writer.WriteStartObject();
                foreach (var (key, value) in mapping.Children)
                {
                    writer.WritePropertyName(key is YamlScalarNode { Value: { } name } ? name : key.ToString());
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case YamlSequenceNode list:
                writer.WriteStartArray();
                foreach (var item in list.Children)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case YamlScalarNode scalar:
                Write(writer, scalar);
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, YamlScalarNode scalar)
    {
        switch (YamlScalars.KindOf(scalar))
        {
            case YamlScalarKind.Null: writer.WriteNullValue(); break;
            case YamlScalarKind.Text: writer.WriteStringValue(scalar.Value); break;
            default: writer.WriteRawValue(scalar.Value!); break;
        }
    }
}
