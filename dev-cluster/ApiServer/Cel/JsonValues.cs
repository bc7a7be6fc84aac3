using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Reads JSON as CEL values, by schema: a whole number of type <c>number</c> is a double, a <c>date-time</c> is a timestamp.</summary>
internal static class JsonValues
{
    /// <summary>Containers are read when they are reached. <paramref name="schema"/> null means that only the JSON itself is known.</summary>
    public static object? Read(JsonNode? node, Schema? schema) => node switch
    {
        null => null,
        JsonArray list => new JsonList(list, schema),
        JsonObject map => new JsonMap(map, schema),
        JsonValue value when JsonNumber.TryRead(value, out var number) => Number(number, schema),
        JsonValue value when value.TryGetValue(out string? text) => Text(text, schema),
        _ => node.GetValue<bool>(),
    };

    private static object Number(JsonNumber number, Schema? schema) => schema?.Type == SchemaType.Number || !number.IsWhole
        ? number.Double
        : (object)(number.IsInteger ? number.Integer : (long)number.Double);

    private static object Text(string text, Schema? schema) => schema is { Type: SchemaType.String }
        ? schema.Format switch
        {
            "duration" when Durations.TryParse(text, out var nanoseconds) => new CelDuration(nanoseconds),
            "date-time" when Times.TryParse(text, out var time) => time,
            "date" when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
                new CelTimestamp(new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), 0),
            "byte" when Base64(text) is { } bytes => bytes,
            _ => text,
        }
        : text;

    private static byte[]? Base64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }
}

/// <summary>A JSON array as a CEL list.</summary>
internal sealed class JsonList(JsonArray list, Schema? schema) : IReadOnlyList<object?>
{
    public int Count => list.Count;

    /// <summary>True when order does not matter to equality: lists of type set and map.</summary>
    public bool IsSet => schema is { ListType: not ListType.Atomic };

    public object? this[int index] => JsonValues.Read(list[index], schema?.Items);

    public IEnumerator<object?> GetEnumerator() => list.Select(item => JsonValues.Read(item, schema?.Items)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Concatenation as the list's type has it: a set takes each item once, a keyed list replaces items of the same key.</summary>
    public IReadOnlyList<object?> Concat(IReadOnlyList<object?> other)
    {
        var joined = this.ToList();
        foreach (var item in other)
        {
            var at = IsSet ? joined.FindIndex(present => SameItem(present, item)) : -1;
            if (at < 0)
            {
                joined.Add(item);
            }
            else
            {
                joined[at] = item;
            }
        }
        return joined;
    }

    private bool SameItem(object? left, object? right) => schema!.ListType == ListType.Map && left is CelMap a && right is CelMap b
        ? schema.ListMapKeys.All(key => a.TryGet(key, out var x) == b.TryGet(key, out var y) && CelEquality.Same(x, y))
        : CelEquality.Same(left, right);
}

/// <summary>A JSON object as a CEL map or object; the keys of an object are its properties' names in JSON.</summary>
internal sealed class JsonMap(JsonObject map, Schema? schema) : CelMap
{
    public override int Count => map.Count;

    public override IEnumerable<object> Keys => map.Select(entry => entry.Key);

    public override bool TryGet(object key, out object? value)
    {
        value = null;
        if (key is not string name || !map.TryGetPropertyValue(name, out var node))
        {
            return false;
        }
        value = JsonValues.Read(node, schema is null ? null : schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties);
        return true;
    }
}
