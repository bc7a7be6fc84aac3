using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Storage;

/// <summary>
/// Reads JSON as Kubernetes does: a field given twice counts with its last value, and is reported by its path. Throws
/// <see cref="FormatException"/> with the sentence that Go's decoder gives.
/// </summary>
internal static class JsonReading
{
    private const int MaxDepth = 128;

    /// <summary>The value, with <c>duplicate field "spec.paused"</c> for each field given more than once.</summary>
    public static (JsonNode? Value, IReadOnlyList<string> Duplicates) Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var duplicates = new List<string>();
        try
        {
            reader.Read();
            var value = ReadValue(ref reader, "", duplicates);
            reader.Read();
            return (value, duplicates);
        }
        catch (JsonException e)
        {
            throw new FormatException(Sentence(json, e), e);
        }
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, string path, List<string> duplicates) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, path, duplicates),
        JsonTokenType.StartArray => ReadArray(ref reader, path, duplicates),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        JsonTokenType.Null => null,
        JsonTokenType.Number => ReadNumber(ref reader),
        _ => throw new InvalidOperationException($"unexpected JSON token {reader.TokenType}"),
    };

    private static JsonValue ReadNumber(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out var integer) ? JsonValue.Create(integer) : JsonValue.Create(JsonElement.ParseValue(ref reader))!;

    private static JsonObject ReadObject(ref Utf8JsonReader reader, string path, List<string> duplicates)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var below = path.Length == 0 ? name : $"{path}.{name}";
            if (result.ContainsKey(name))
            {
                duplicates.Add($"duplicate field \"{below}\"");
            }

            reader.Read();
            result[name] = ReadValue(ref reader, below, duplicates);
        }

        return result;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader, string path, List<string> duplicates)
    {
        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            result.Add(ReadValue(ref reader, $"{path}[{result.Count}]", duplicates));
        }

        return result;
    }

    private static string Sentence(ReadOnlySpan<byte> json, JsonException e)
    {
        var position = Position(json, e);
        return position >= json.Length
            ? "unexpected end of JSON input"
            : $"invalid character {Quoted(json[position])} looking for beginning of value";
    }

    private static string Quoted(byte character) => character switch
    {
        (byte)'\'' => @"'\''",
        < 0x20 or 0x7f => $@"'\x{character:x2}'",
        > 0x7f and < 0xa1 => $@"'\u00{character:x2}'",
        _ => $"'{(char)character}'",
    };

    /// <summary>Line and column of the reader's complaint as an offset; the end when it complains of a missing rest.</summary>
    private static int Position(ReadOnlySpan<byte> json, JsonException e)
    {
        var offset = 0;
        for (var line = 0L; line < (e.LineNumber ?? 0); line++)
        {
            var end = json[offset..].IndexOf((byte)'\n');
            if (end < 0)
            {
                return json.Length;
            }

            offset += end + 1;
        }

        return offset + (int)(e.BytePositionInLine ?? 0);
    }
}
