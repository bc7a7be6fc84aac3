using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Authentication;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Authorization;

/// <summary>Answers the kinds that are questions about rights and identities: nothing of them is stored.</summary>
internal sealed class AccessReviews(RbacAuthorizer authorizer, ServiceAccountTokens tokens)
{
    private const string Group = "authorization.k8s.io";

    /// <summary>The status of a review that <paramref name="sender"/> asks for.</summary>
    /// <exception cref="StatusException">422 or 400 for a question that has no answer.</exception>
    public JsonObject Answer(string kind, JsonObject review, Identity sender)
    {
        var spec = review.Object("spec") ?? [];
        return kind switch
        {
            "SelfSubjectAccessReview" => Access(spec, sender, []),
            "SubjectAccessReview" => Access(spec, Subject(spec), SubjectFindings(spec)),
            "LocalSubjectAccessReview" => Access(spec, Subject(spec), LocalFindings(review, spec)),
            "SelfSubjectRulesReview" => Rules(spec, sender),
            "SelfSubjectReview" => new JsonObject { ["userInfo"] = User(sender) },
            "TokenReview" => Token(spec),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "is no review"),
        };
    }

    private JsonObject Access(JsonObject spec, Identity who, Findings findings)
    {
        var (resource, path) = (spec.Object("resourceAttributes"), spec.Object("nonResourceAttributes"));
        if (resource is not null && path is not null)
        {
            findings.Invalid("spec.nonResourceAttributes", path, "cannot be specified in combination with resourceAttributes");
        }
        else if (resource is null && path is null)
        {
            findings.Invalid("spec.resourceAttributes", null, "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }

        if (findings.Count > 0)
        {
            throw StatusErrors.Invalid(Group, "", "", findings);
        }

        var decision = authorizer.Decide(who, resource is not null ? Wanted(resource) : new() { Verb = path.Text("verb"), Path = path.Text("path") });
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }

        return status;
    }

    private JsonObject Rules(JsonObject spec, Identity who)
    {
        if (spec.Text("namespace").Length == 0)
        {
            throw StatusErrors.BadRequest("no namespace on request");
        }

        var faults = new List<string>();
        var rules = authorizer.RulesOf(who, spec.Text("namespace"), faults).Select(granted => granted.Rule).ToList();
        var status = new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(rule => rule.Resources.Count > 0).Select(ResourceRule)]),
            ["nonResourceRules"] = new JsonArray([.. rules.Where(rule => rule.Paths.Count > 0).Select(PathRule)]),
            ["incomplete"] = faults.Count > 0,
        };
        if (faults.Count > 0)
        {
            status["evaluationError"] = RbacAuthorizer.Aggregate(faults);
        }

        return status;
    }

    private JsonObject Token(JsonObject spec)
    {
        IReadOnlyList<string> asked = Texts(spec["audiences"]);
        IReadOnlyList<string> audiences = asked.Count > 0 ? asked : [ServiceAccountTokens.Issuer];
        if (spec.Text("token").Length == 0)
        {
            throw StatusErrors.BadRequest("token is required for TokenReview in authentication");
        }

        return tokens.Read(spec.Text("token"), audiences) switch
        {
            { Audiences.Count: > 0 } read => new JsonObject { ["authenticated"] = true, ["user"] = User(read.Who), ["audiences"] = List(read.Audiences) },
            { } read => Unknown($"[invalid bearer token, token audiences [{Quoted(read.Given)}] is invalid for the target audiences [{Quoted(audiences)}]]"),
            null => Unknown("invalid bearer token"),
        };
    }

    private static JsonObject Unknown(string error) => new() { ["user"] = new JsonObject(), ["error"] = error };

    private static Findings SubjectFindings(JsonObject spec)
    {
        var findings = new Findings();
        if (spec.Text("user").Length == 0 && spec["groups"] is not JsonArray { Count: > 0 })
        {
            findings.InvalidText("spec.user", "", "at least one of user or group must be specified");
        }

        return findings;
    }

    private static Findings LocalFindings(JsonObject review, JsonObject spec)
    {
        var findings = SubjectFindings(spec);
        if (spec.Object("resourceAttributes") is { } resource && resource.Text("namespace") is var ns && ns != review.MetaText("namespace"))
        {
            findings.InvalidText("spec.resourceAttributes.namespace", ns, "must match metadata.namespace");
        }

        if (spec["nonResourceAttributes"] is { } path)
        {
            findings.Invalid("spec.nonResourceAttributes", path, "disallowed on this kind of request");
        }

        return findings;
    }

    private static Identity Subject(JsonObject spec) => new(spec.Text("user"), Texts(spec["groups"])) { Uid = spec.Text("uid") };

    private static AccessRequest Wanted(JsonObject resource) => new()
    {
        Verb = resource.Text("verb"),
        Group = resource.Text("group"),
        Namespace = resource.Text("namespace"),
        Resource = resource.Text("resource"),
        Subresource = resource.Text("subresource"),
        Name = resource.Text("name"),
    };

    private static JsonObject User(Identity who)
    {
        var user = new JsonObject { ["username"] = who.Name };
        if (who.Uid.Length > 0)
        {
            user["uid"] = who.Uid;
        }

        user["groups"] = List(who.Groups);
        if (who.Extra.Count > 0)
        {
            user["extra"] = new JsonObject(who.Extra.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)List(pair.Value))));
        }

        return user;
    }

    private static JsonObject ResourceRule(PolicyRule rule)
    {
        var shown = new JsonObject { ["verbs"] = List(rule.Verbs), ["apiGroups"] = List(rule.Groups), ["resources"] = List(rule.Resources) };
        if (rule.Names.Count > 0)
        {
            shown["resourceNames"] = List(rule.Names);
        }

        return shown;
    }

    private static JsonObject PathRule(PolicyRule rule) => new() { ["verbs"] = List(rule.Verbs), ["nonResourceURLs"] = List(rule.Paths) };

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static IReadOnlyList<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(text => text.AsText() ?? "")];

    private static string Quoted(IEnumerable<string> texts) => string.Join(' ', texts.Select(text => $"\"{text}\""));
}
