using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>
/// Answers about the whole cluster are compared in the entries that both servers have: another server may lack a group, or have one more.
/// The groups that the operator writes to are always required.
/// </summary>
internal static class ClusterWide
{
    private static readonly HashSet<string> RequiredGroups = new(StringComparer.Ordinal)
    {
        "apps", "policy", "coordination.k8s.io", "discovery.k8s.io", "apiextensions.k8s.io",
    };

    public static void KeepClaimed(string path, JsonNode? expected, JsonNode? actual)
    {
        if (expected is not JsonObject left || actual is not JsonObject right)
        {
            return;
        }

        switch (path.Split('?')[0])
        {
            case "/":
                Keep(left, right, "paths", item => item?.ToString() ?? "", name => RequiredGroups.Contains(Group(name)));
                break;
            case "/apis" when left["groups"] is not null:
                Keep(left, right, "groups", item => item?["name"]?.ToString() ?? "", RequiredGroups.Contains);
                break;
            case "/apis":
                Keep(left, right, "items", item => item?["metadata"]?["name"]?.ToString() ?? "", RequiredGroups.Contains);
                break;
            case "/openapi/v3":
                KeepPaths(left["paths"] as JsonObject ?? [], right["paths"] as JsonObject ?? []);
                break;
        }
    }

    private static string Group(string path) => path.Split('/') is ["", "apis", var group, _] ? group : "";

    private static void Keep(JsonObject expected, JsonObject actual, string list, Func<JsonNode?, string> name, Func<string, bool> isRequired)
    {
        if (expected[list] is not JsonArray left || actual[list] is not JsonArray right)
        {
            return;
        }

        HashSet<string> here = [.. right.Select(name)];
        HashSet<string> recorded = [.. left.Select(name)];
        expected[list] = new JsonArray([.. left.Where(item => here.Contains(name(item)) || isRequired(name(item))).Select(item => item?.DeepClone())]);
        actual[list] = new JsonArray([.. right.Where(item => recorded.Contains(name(item))).Select(item => item?.DeepClone())]);
    }

    private static void KeepPaths(JsonObject expected, JsonObject actual)
    {
        foreach (string path in expected.Select(pair => pair.Key).Except(actual.Select(pair => pair.Key)).ToArray())
        {
            if (!RequiredGroups.Contains(Group("/" + path)))
            {
                expected.Remove(path);
            }
        }

        foreach (string path in actual.Select(pair => pair.Key).Except(expected.Select(pair => pair.Key)).ToArray())
        {
            actual.Remove(path);
        }
    }
}
