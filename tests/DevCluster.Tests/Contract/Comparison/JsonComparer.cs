using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>Finds where two normalized JSON trees differ. Object key order does not matter, list order does.</summary>
/// <param name="identities">Equalities of this case; null when the case's versions and uids cannot be compared.</param>
/// <param name="isLaterPage">True when the request carried a continue token.</param>
internal sealed class JsonComparer(int step, Identities? identities, bool isLaterPage)
{
    private const string Absent = "(absent)";
    private readonly List<Difference> _found = [];

    public IReadOnlyList<Difference> Found => _found;

    public void Compare(string path, JsonNode? expected, JsonNode? actual)
    {
        switch (expected, actual)
        {
            case (JsonObject left, JsonObject right):
                CompareObjects(path, left, right);
                break;
            case (JsonArray left, JsonArray right):
                CompareLists(path, left, right);
                break;
            default:
                if (!EqualScalars(expected, actual))
                {
                    Add(path, Show(expected), Show(actual));
                }

                break;
        }
    }

    private void CompareObjects(string path, JsonObject expected, JsonObject actual)
    {
        string uid = expected["uid"]?.ToString() ?? "";
        foreach (string key in expected.Select(pair => pair.Key).Union(actual.Select(pair => pair.Key)))
        {
            string child = $"{path}.{key}";
            if (!expected.TryGetPropertyValue(key, out JsonNode? left))
            {
                Add(child, Absent, Show(actual[key]));
            }
            else if (!actual.TryGetPropertyValue(key, out JsonNode? right))
            {
                Add(child, Show(left), Absent);
            }
            else if (key is "uid" or "resourceVersion" && IsText(left) && IsText(right))
            {
                CompareIdentity(child, key, uid, left!.ToString(), right!.ToString());
            }
            else
            {
                Compare(child, left, right);
            }
        }
    }

    private void CompareIdentity(string path, string key, string uid, string expected, string actual)
    {
        bool same = (expected.Length == 0) == (actual.Length == 0) && (identities is null || key switch
        {
            "uid" => identities.MatchUid(expected, actual),
            _ when uid.Length > 0 => identities.MatchVersion(uid, expected, actual),
            _ => identities.MatchList(expected, actual, isLaterPage),
        });
        if (!same)
        {
            Add(path, $"what stands elsewhere in this case for {expected}", actual);
        }
    }

    private void CompareLists(string path, JsonArray expected, JsonArray actual)
    {
        if (NamedItems.Of(path, expected) is { } left && NamedItems.Of(path, actual) is { } right)
        {
            CompareNamed(path, left, right);
            return;
        }

        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            string child = $"{path}[{i}]";
            if (i >= expected.Count)
            {
                Add(child, Absent, Show(actual[i]));
            }
            else if (i >= actual.Count)
            {
                Add(child, Show(expected[i]), Absent);
            }
            else
            {
                Compare(child, expected[i], actual[i]);
            }
        }
    }

    private void CompareNamed(string path, NamedItems expected, NamedItems actual)
    {
        foreach (string name in expected.Names.Union(actual.Names))
        {
            Compare($"{path}[{name}]", expected[name], actual[name]);
        }

        string left = string.Join(' ', expected.Names.Where(actual.Contains));
        string right = string.Join(' ', actual.Names.Where(expected.Contains));
        if (left != right)
        {
            Add($"{path}[order]", left, right);
        }
    }

    private static bool EqualScalars(JsonNode? expected, JsonNode? actual)
    {
        if (expected is null || actual is null)
        {
            return expected is null && actual is null;
        }

        if (expected.GetValueKind() == JsonValueKind.Number && actual.GetValueKind() == JsonValueKind.Number)
        {
            return Number(expected) == Number(actual);
        }

        return JsonNode.DeepEquals(expected, actual);
    }

    private static decimal Number(JsonNode node) => decimal.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? _);

    private static string Show(JsonNode? node) => node?.ToJsonString() ?? "null";

    private void Add(string path, string expected, string actual) => _found.Add(new Difference(step, path, expected, actual));
}
