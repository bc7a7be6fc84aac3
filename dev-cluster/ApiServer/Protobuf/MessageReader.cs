using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Protobuf;

/// <summary>Turns a message into the JSON object that the same Go value gives. Fields that are not known are left out.</summary>
internal static class MessageReader
{
    /// <exception cref="FormatException">For bytes that are no such message.</exception>
    public static void ReadInto(JsonObject target, ReadOnlySpan<byte> bytes, FrozenDictionary<int, MessageField> fields)
    {
        var reader = new WireReader(bytes);
        while (!reader.AtEnd)
        {
            var (number, type) = reader.ReadTag();
            if (fields.TryGetValue(number, out var field))
            {
                ReadField(target, field, ref reader, type);
            }
            else
            {
                reader.Skip(type);
            }
        }
    }

    private static void ReadField(JsonObject target, MessageField field, ref WireReader reader, WireType type)
    {
        switch (field.Cardinality)
        {
            case Cardinality.One when field.IsInline:
                ReadInto(target, reader.ReadBytes(), Messages.Find(field.Type)!);
                break;
            case Cardinality.One:
                if (ReadValue(field.Type, ref reader, type) is var value && (field.KeepsZero || !IsZero(value)))
                {
                    target[field.Name] = value;
                }

                break;
            case Cardinality.List:
                ReadItems(Container(target, field.Name, () => new JsonArray()), field.Type, ref reader, type);
                break;
            default:
                ReadEntry(Container(target, field.Name, () => new JsonObject()), field.Type, reader.ReadBytes());
                break;
        }
    }

    private static JsonNode? ReadValue(string name, ref WireReader reader, WireType type) =>
        Messages.Find(name) is { } fields ? ReadMessage(reader.ReadBytes(), fields) : Scalars.Read(name, ref reader, type);

    private static JsonObject ReadMessage(ReadOnlySpan<byte> bytes, FrozenDictionary<int, MessageField> fields)
    {
        var value = new JsonObject();
        ReadInto(value, bytes, fields);
        return value;
    }

    /// <summary>One item, or several integers in one run of bytes.</summary>
    private static void ReadItems(JsonArray list, string name, ref WireReader reader, WireType type)
    {
        if (name != Scalars.Integer || type != WireType.Bytes)
        {
            list.Add(ReadValue(name, ref reader, type));
            return;
        }

        var packed = new WireReader(reader.ReadBytes());
        while (!packed.AtEnd)
        {
            list.Add(Scalars.Read(name, ref packed, WireType.Varint));
        }
    }

    private static void ReadEntry(JsonObject map, string name, ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        JsonNode? key = null;
        JsonNode? value = null;
        while (!reader.AtEnd)
        {
            switch (reader.ReadTag())
            {
                case (1, var type):
                    key = Scalars.Read(Scalars.Text, ref reader, type);
                    break;
                case (2, var type):
                    value = ReadValue(name, ref reader, type);
                    break;
                case var (_, type):
                    reader.Skip(type);
                    break;
            }
        }

        map[key?.GetValue<string>() ?? ""] = value;
    }

    private static T Container<T>(JsonObject target, string name, Func<T> create)
        where T : JsonNode
    {
        if (target[name] is not T found)
        {
            target[name] = found = create();
        }

        return found;
    }

    private static bool IsZero(JsonNode? value) => value switch
    {
        null => true,
        JsonObject map => map.Count == 0,
        JsonArray list => list.Count == 0,
        JsonValue scalar when scalar.TryGetValue(out string? text) => text.Length == 0,
        JsonValue scalar when scalar.TryGetValue(out long number) => number == 0,
        JsonValue scalar when scalar.TryGetValue(out bool flag) => !flag,
        _ => false,
    };
}
