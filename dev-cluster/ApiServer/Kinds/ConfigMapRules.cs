using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class ConfigMapRules
{
    private const int MaxBytes = 1024 * 1024;

    public static readonly KindRules Rules = new() { Validate = Validate };

    /// <summary>Shared with Secrets: contents under <c>immutable</c> never change again, nor does the mark itself go away.</summary>
    public static void CheckImmutable(JsonObject next, JsonObject? old, Findings errors, params string[] contents)
    {
        if (old is null || !old.IsTrue("immutable"))
        {
            return;
        }

        foreach (var field in (string[])["immutable", .. contents])
        {
            if (!JsonNode.DeepEquals(next[field], old[field]))
            {
                errors.Forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }

    public static void CheckKeys(JsonObject value, string field, Findings errors)
    {
        foreach (var (key, _) in value.Object(field) ?? [])
        {
            foreach (var problem in ObjectNames.ConfigKey(key))
            {
                errors.InvalidText($"{field}[{key}]", key, problem);
            }
        }
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        CheckImmutable(next, old, errors, "data", "binaryData");
        CheckKeys(next, "data", errors);
        CheckKeys(next, "binaryData", errors);
        foreach (var (key, _) in next.Object("binaryData") ?? [])
        {
            if (next.Object("data")?.ContainsKey(key) == true)
            {
                errors.InvalidText($"data[{key}]", key, "duplicate of key present in binaryData");
            }
        }

        if (Size(next.Object("data")) + Size(next.Object("binaryData")) > MaxBytes)
        {
            errors.TooLong("", MaxBytes);
        }

        return errors;
    }

    private static long Size(JsonObject? values) =>
        (values ?? []).Sum(pair => (long)System.Text.Encoding.UTF8.GetByteCount(pair.Value.AsText() ?? ""));
}
