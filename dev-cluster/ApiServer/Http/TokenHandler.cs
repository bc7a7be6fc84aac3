using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Authentication;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>POST of a TokenRequest below a ServiceAccount: the answer holds a token of that account.</summary>
internal sealed class TokenHandler(ServiceAccountTokens tokens, ObjectStore store, AnswerShaper shaper, TimeProvider time)
{
    private static readonly ResourceDefinition TokenKind = new()
    {
        Group = "authentication.k8s.io",
        Version = "v1",
        Kind = "TokenRequest",
        Plural = "tokenrequests",
        Singular = "tokenrequest",
        Schema = BuiltInSchemas.Get("authentication.k8s.io", "v1", "TokenRequest"),
    };

    public async Task HandleAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var (request, options, warnings) = await SentObject.ReadAsync(call, TokenKind, "CreateOptions", cancellationToken);
        var account = Find(call.Definition, call.Target.Namespace, call.Target.Name);
        CheckMetadata(call, request);
        var errors = KindRules.For(TokenKind.Group, TokenKind.Kind).Validate(request, null);
        if (errors.Count > 0)
        {
            throw StatusErrors.Invalid(TokenKind, "", errors);
        }

        request.Remove("status");
        var manager = call.Request.FieldManager(options, FieldManager.Update) with { ApiVersion = TokenKind.ApiVersion };
        ManagedFields.Update(TokenKind.Schema, null, request, manager, time.GetUtcNow());
        Complete(request, account);
        AnswerWriter.AddWarnings(call.Context, warnings);
        await shaper.WriteAsync(call, 201, request, cancellationToken);
    }

    private void Complete(JsonObject request, JsonObject account)
    {
        var metadata = request.Meta();
        metadata["name"] = account.Name();
        metadata["namespace"] = account.MetaText("namespace");
        metadata["uid"] = account.MetaText("uid");
        metadata["creationTimestamp"] = Metadata.Time(time.GetUtcNow());
        var spec = request.Struct("spec");
        if (spec["audiences"] is not JsonArray { Count: > 0 })
        {
            spec["audiences"] = new JsonArray(ServiceAccountTokens.Issuer);
        }

        spec["boundObjectRef"] ??= null;
        var audiences = spec["audiences"]!.AsArray().Select(audience => audience.AsText() ?? "").ToList();
        var (token, expires) = tokens.Issue(account, audiences, spec.Number("expirationSeconds")!.Value, Bound(account, spec.Object("boundObjectRef")));
        request["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = Metadata.Time(expires) };
    }

    private (ResourceDefinition Resource, JsonObject Object)? Bound(JsonObject account, JsonObject? reference)
    {
        if (reference is null)
        {
            return null;
        }

        var (version, kind, uid) = (reference.Text("apiVersion"), reference.Text("kind"), reference.Text("uid"));
        var resource = tokens.Bindable(version, kind)
            ?? throw StatusErrors.BadRequest($"cannot bind token to object of type {(version.Contains('/', StringComparison.Ordinal) ? version : $"/{version}")}, Kind={kind}");
        var found = Find(resource, resource.Namespaced ? account.MetaText("namespace") : "", reference.Text("name"));
        if (resource.Kind == "Pod" && found.Object("spec").Text("serviceAccountName") != account.Name())
        {
            throw StatusErrors.BadRequest(
                $"cannot bind token for serviceaccount \"{account.Name()}\" to pod running with different serviceaccount name.");
        }

        return uid.Length == 0 || uid == found.MetaText("uid") ? (resource, found) : throw StatusErrors.Conflict(
            resource,
            found.Name(),
            $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
    }

    private JsonObject Find(ResourceDefinition resource, string ns, string name) =>
        store.Table(resource.StorageName).Find(new ObjectKey(ns, name))?.Value ?? throw StatusErrors.NotFound(resource, name);

    private static void CheckMetadata(ResourceCall call, JsonObject request)
    {
        var errors = new Findings();
        if (request.Name() is { Length: > 0 } name && name != call.Target.Name)
        {
            errors.InvalidText("metadata.name", name, "must match the service account name if specified");
        }
        else if (request.MetaText("namespace") is { Length: > 0 } ns && ns != call.Target.Namespace)
        {
            errors.InvalidText("metadata.namespace", ns, "must match the service account namespace if specified");
        }

        if (errors.Count > 0)
        {
            throw StatusErrors.Invalid(TokenKind, call.Target.Name, errors);
        }
    }
}
