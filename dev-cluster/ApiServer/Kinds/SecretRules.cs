using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class SecretRules
{
    public static readonly KindRules Rules = new() { Default = Default, Validate = Validate };

    private static void Default(JsonObject secret)
    {
        secret.Fill("type", "Opaque");

        // stringData is a way of writing only: it wins over data and is never stored.
        if (secret.Object("stringData") is { } plain)
        {
            var data = secret.Struct("data");
            foreach (var (key, value) in plain)
            {
                data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.AsText() ?? ""));
            }

            secret.Remove("stringData");
        }
    }

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        if (old is not null)
        {
            errors.Immutable("type", next["type"], old["type"]);
        }

        ConfigMapRules.CheckImmutable(next, old, errors, "data");
        ConfigMapRules.CheckKeys(next, "data", errors);
        if (next.Text("type") == "kubernetes.io/tls")
        {
            foreach (var key in (string[])["tls.crt", "tls.key"])
            {
                if (next.Object("data")?.ContainsKey(key) != true)
                {
                    errors.Required($"data[{key}]");
                }
            }
        }

        return errors;
    }
}
