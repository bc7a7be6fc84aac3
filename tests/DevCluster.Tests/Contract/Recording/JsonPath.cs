using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Recording;

/// <summary>
/// Paths as the recordings write them: property names, list indexes, <c>key=value</c> for the list element with that value, and
/// <c>len()</c> for the length of a list, which is 0 for a list that is null.
/// </summary>
internal static class JsonPath
{
    /// <summary>The node at <paramref name="path"/>, or null when any part of it is absent.</summary>
    public static JsonNode? Find(JsonNode? root, IEnumerable<string> path)
    {
        JsonNode? node = root;
        foreach (string part in path)
        {
            node = node switch
            {
                null when part == "len()" => JsonValue.Create(0),
                JsonObject obj => obj[part],
                JsonArray list => InList(list, part),
                _ => null,
            };
        }

        return node;
    }

    private static JsonNode? InList(JsonArray list, string part)
    {
        if (part == "len()")
        {
            return JsonValue.Create(list.Count);
        }

        if (int.TryParse(part, CultureInfo.InvariantCulture, out int index))
        {
            return index < list.Count ? list[index] : null;
        }

        string[] pair = part.Split('=', 2);
        return pair.Length == 2 ? list.FirstOrDefault(item => item?[pair[0]]?.ToString() == pair[1]) : null;
    }
}
