using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Protobuf;

/// <summary>The values that are no message, and the messages that JSON shows as one value.</summary>
internal static class Scalars
{
    public const string Text = "string";
    public const string Integer = "int";

    /// <exception cref="FormatException">For bytes that are no such value.</exception>
    public static JsonNode? Read(string name, ref WireReader reader, WireType type)
    {
        var wanted = name switch { Integer or "bool" => WireType.Varint, "double" => WireType.Fixed64, _ => WireType.Bytes };
        return type != wanted
            ? throw new FormatException($"proto: wrong wireType = {(int)type} for field of type {name}")
            : name switch
            {
                Integer => JsonValue.Create((long)reader.ReadVarint()),
                "bool" => JsonValue.Create(reader.ReadVarint() != 0),
                "double" => JsonValue.Create(reader.ReadDouble()),
                Text => JsonValue.Create(Encoding.UTF8.GetString(reader.ReadBytes())),
                "bytes" => JsonValue.Create(Convert.ToBase64String(reader.ReadBytes())),
                _ => Shown(name, new Parts(reader.ReadBytes())),
            };
    }

    private static JsonNode? Shown(string name, Parts parts) => name switch
    {
        "Time" => Time(parts) is { } time ? JsonValue.Create(Timestamps.Format(time)) : null,
        "MicroTime" => Time(parts) is { } time ? JsonValue.Create(Timestamps.FormatMicro(time)) : null,
        "Quantity" => JsonValue.Create(parts.Text(1)),
        "IntOrString" => parts.Number(1) == 0 ? JsonValue.Create(parts.Number(2)) : JsonValue.Create(parts.Text(3)),
        "FieldsV1" or "RawExtension" => Json(parts.Text(1)),
        _ => throw new FormatException($"proto: no value of type {name} is known"),
    };

    private static DateTimeOffset? Time(Parts parts)
    {
        try
        {
            return parts.IsEmpty ? null : DateTimeOffset.FromUnixTimeSeconds(parts.Number(1)).AddTicks(parts.Number(2) / TimeSpan.NanosecondsPerTick);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException($"proto: {parts.Number(1)} s is no time", e);
        }
    }

    private static JsonNode? Json(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>The few fields of such a message.</summary>
    private sealed class Parts
    {
        private readonly Dictionary<int, long> _numbers = [];
        private readonly Dictionary<int, string> _texts = [];

        public Parts(ReadOnlySpan<byte> bytes)
        {
            var reader = new WireReader(bytes);
            while (!reader.AtEnd)
            {
                var (number, type) = reader.ReadTag();
                if (type == WireType.Varint)
                {
                    _numbers[number] = (long)reader.ReadVarint();
                }
                else if (type == WireType.Bytes)
                {
                    _texts[number] = Encoding.UTF8.GetString(reader.ReadBytes());
                }
                else
                {
                    reader.Skip(type);
                }
            }
        }

        public bool IsEmpty => _numbers.Count == 0 && _texts.Count == 0;

        public long Number(int field) => _numbers.GetValueOrDefault(field);

        public string Text(int field) => _texts.GetValueOrDefault(field, "");
    }
}
