using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Authentication;

/// <summary>
/// Tokens of ServiceAccounts: each is good until it expires, and no longer than its account and the object that it is bound to are there.
/// </summary>
internal sealed class ServiceAccountTokens(ObjectStore store, ResourceCatalog catalog, TimeProvider time)
{
    /// <summary>Who issues tokens, and for whom when a request does not say.</summary>
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";

    private const string ExtraPrefix = "authentication.kubernetes.io/";

    private readonly ResourceDefinition _accounts = catalog.Find("", "v1", "serviceaccounts")!;

    /// <summary>What a token may be bound to: the claim's name and the resource.</summary>
    private readonly IReadOnlyDictionary<string, ResourceDefinition> _bindings = new Dictionary<string, ResourceDefinition>(StringComparer.Ordinal)
    {
        ["pod"] = catalog.Find("", "v1", "pods")!,
        ["secret"] = catalog.Find("", "v1", "secrets")!,
        ["node"] = catalog.Find("", "v1", "nodes")!,
    };

    /// <summary>The resource of that kind if a token can be bound to an object of it; null otherwise.</summary>
    public ResourceDefinition? Bindable(string apiVersion, string kind) => _bindings.Values.FirstOrDefault(d => d.ApiVersion == apiVersion && d.Kind == kind);

    /// <summary>A token for an account and the moment at which it expires.</summary>
    /// <param name="account">The stored ServiceAccount.</param>
    /// <param name="audiences">For whom the token is.</param>
    /// <param name="seconds">How long it is good.</param>
    /// <param name="bound">The stored object that it dies with, and the resource of that; null for the account alone.</param>
    public (string Token, DateTimeOffset Expires) Issue(
        JsonObject account, IReadOnlyList<string> audiences, long seconds, (ResourceDefinition Resource, JsonObject Object)? bound)
    {
        var now = time.GetUtcNow();
        var expires = now.AddSeconds(seconds);
        var ns = account.MetaText("namespace");
        var about = new JsonObject { ["namespace"] = ns, ["serviceaccount"] = Reference(account) };
        if (bound is { } given)
        {
            about[_bindings.First(binding => binding.Value == given.Resource).Key] = Reference(given.Object);
            if ((given.Object["spec"] as JsonObject).Text("nodeName") is { Length: > 0 } node)
            {
                about["node"] = store.Table(_bindings["node"].StorageName).Find(new ObjectKey("", node)) is { } found
                    ? Reference(found.Value)
                    : new JsonObject { ["name"] = node };
            }
        }

        var token = TokenSigner.Sign(new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = about,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = Identity.ServiceAccount(ns, account.Name()).Name,
        });
        return (token, expires);
    }

    /// <summary>Whose token it is; null when it is nobody's, or no longer anybody's.</summary>
    public Identity? Identify(string token) => Read(token, [Issuer]) is { Audiences.Count: > 0 } read ? read.Who : null;

    /// <summary>
    /// Whose token it is, for which of <paramref name="audiences"/> (empty when for none of them) and for whom it was given; null when it is
    /// nobody's.
    /// </summary>
    public (Identity Who, IReadOnlyList<string> Audiences, IReadOnlyList<string> Given)? Read(string token, IReadOnlyList<string> audiences)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (TokenSigner.Verify(token) is not { } claims || claims.Number("exp") is not { } end || end <= now || claims.Object("kubernetes.io") is not { } about)
        {
            return null;
        }

        var ns = about.Text("namespace");
        var isOfPod = about["pod"] is not null;
        var bound = _bindings.Where(binding => about[binding.Key] is not null && !(isOfPod && binding.Key == "node"));
        if (!IsThere(_accounts, ns, about.Object("serviceaccount")) || !bound.All(binding => IsThere(binding.Value, ns, about.Object(binding.Key))))
        {
            return null;
        }

        IReadOnlyList<string> given = [.. (claims["aud"] as JsonArray ?? []).Select(audience => audience.AsText() ?? "")];
        return (Who(claims, about), [.. audiences.Intersect(given)], given);
    }

    private static Identity Who(JsonObject claims, JsonObject about)
    {
        var account = about.Object("serviceaccount");
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [$"{ExtraPrefix}credential-id"] = [$"JTI={claims.Text("jti")}"] };
        foreach (var kind in (string[])["pod", "node"])
        {
            if (about.Object(kind) is { } bound)
            {
                extra[$"{ExtraPrefix}{kind}-name"] = [bound.Text("name")];
                extra[$"{ExtraPrefix}{kind}-uid"] = [bound.Text("uid")];
            }
        }

        return Identity.ServiceAccount(about.Text("namespace"), account.Text("name")) with { Uid = account.Text("uid"), Extra = extra };
    }

    private bool IsThere(ResourceDefinition resource, string ns, JsonObject? reference) =>
        store.Table(resource.StorageName).Find(new ObjectKey(resource.Namespaced ? ns : "", reference.Text("name"))) is { } found
        && found.Value.MetaText("uid") == reference.Text("uid");

    private static JsonObject Reference(JsonObject value) => new() { ["name"] = value.Name(), ["uid"] = value.MetaText("uid") };
}
