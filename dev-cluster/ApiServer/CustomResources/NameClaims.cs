using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>
/// Which of its names a definition may have: those that no other definition of the group holds. <paramref name="Reason"/> is empty when it
/// may have all.
/// </summary>
internal sealed record NameClaims(JsonObject Accepted, string Reason, string Message)
{
    /// <summary><paramref name="others"/> are the other definitions; only what they have been granted counts.</summary>
    public static NameClaims Decide(JsonObject crd, IEnumerable<JsonObject> others)
    {
        var wanted = crd["spec"]!["names"]!.AsObject();
        var held = crd["status"]?["acceptedNames"] as JsonObject ?? [];
        var group = Text(crd["spec"]?["group"]);
        HashSet<string> resources = new(StringComparer.Ordinal), kinds = new(StringComparer.Ordinal);
        foreach (var names in others.Where(other => Text(other["spec"]?["group"]) == group).Select(other => other["status"]?["acceptedNames"] as JsonObject ?? []))
        {
            resources.UnionWith([Text(names["plural"]), Text(names["singular"]), .. Texts(names["shortNames"])]);
            kinds.UnionWith([Text(names["kind"]), Text(names["listKind"])]);
        }
        var accepted = new JsonObject { ["plural"] = "", ["kind"] = "" };
        var (reason, message) = ("", "");
        Claim("plural", "PluralConflict", resources);
        Claim("singular", "SingularConflict", resources);
        ClaimShortNames();
        Claim("kind", "KindConflict", kinds);
        Claim("listKind", "ListKindConflict", kinds);
        if (wanted["categories"] is JsonArray { Count: > 0 } categories)
        {
            accepted["categories"] = categories.DeepClone();
        }
        return new NameClaims(accepted, reason, message);

        void Claim(string field, string conflict, HashSet<string> used)
        {
            var name = Text(wanted[field]);
            if (used.Contains(name) && name != Text(held[field]))
            {
                (reason, message) = (conflict, $"{GoText.Quote(name)} is already in use");
            }
            else if (name.Length > 0)
            {
                accepted[field] = name;
            }
        }

        void ClaimShortNames()
        {
            var taken = Texts(wanted["shortNames"]).Where(name => resources.Contains(name) && !Texts(held["shortNames"]).Contains(name)).ToArray();
            if (taken.Length > 0)
            {
                (reason, message) = ("ShortNamesConflict", string.Join(", ", taken.Select(name => $"{GoText.Quote(name)} is already in use")));
            }
            else if (wanted["shortNames"] is JsonArray { Count: > 0 } names)
            {
                accepted["shortNames"] = names.DeepClone();
            }
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(Text);

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
