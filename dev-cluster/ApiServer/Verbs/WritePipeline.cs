using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Admission;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>
/// Turns what a client wants, decoded and defaulted, into what is stored: server-written metadata, owners of fields, admission, the kind's own
/// preparation, validation.
/// </summary>
internal sealed class WritePipeline(IReadOnlyList<IAdmission> admissions, TimeProvider time)
{
    /// <exception cref="StatusException">For whatever makes the object impossible.</exception>
    public JsonObject ForCreate(ObjectRequest request, WriteOptions options, Change change)
    {
        var definition = request.Definition;
        var next = change.Object;
        if (definition.HasStatus && !definition.TakesStatusOnCreate)
        {
            ResetStatus(definition, next);
        }

        // Before the owners: nobody owns what a client cannot set. What follows them is the server's own.
        MetadataRules.OnCreate(definition, request.Namespace, next, time.GetUtcNow());
        if (!change.OwnersKnown)
        {
            ManagedFields.Update(definition.Schema, null, next, Manager(request, options), time.GetUtcNow());
        }

        Admit(request, next, null);
        Rules(definition).PrepareForCreate(next);
        Refuse(definition, next, Validate(request, next, null));
        return next;
    }

    /// <summary>The next version of a live object, which is left as it is.</summary>
    /// <exception cref="StatusException">For whatever makes the change impossible.</exception>
    public JsonObject ForUpdate(ObjectRequest request, WriteOptions options, Change change, JsonObject live)
    {
        var definition = request.Definition;
        var next = Scope.Restrict(definition, request.Subresource, change.Object, live);
        MetadataRules.OnUpdate(definition, next, live);
        if (!change.OwnersKnown)
        {
            ManagedFields.Update(definition.Schema, live, next, Manager(request, options), time.GetUtcNow());
        }

        if (request.Subresource != "status")
        {
            Rules(definition).PrepareForUpdate(next, live);
        }

        Admit(request, next, live);
        MetadataRules.CountGeneration(definition, request.Subresource, next, live);
        Refuse(definition, next, [.. MetadataRules.Validate(next, live), .. Validate(request, next, live)]);
        return next;
    }

    private void Admit(ObjectRequest request, JsonObject next, JsonObject? live)
    {
        foreach (var admission in admissions)
        {
            admission.Admit(request, next, live);
        }
    }

    private static KindRules Rules(ResourceDefinition definition) => KindRules.For(definition.Group, definition.Kind);

    private static FieldManager Manager(ObjectRequest request, WriteOptions options) =>
        request.FieldManager(options, FieldManager.Update);

    private static IReadOnlyList<FieldError> Validate(ObjectRequest request, JsonObject next, JsonObject? live)
    {
        var definition = request.Definition;
        if (!definition.IsCustom)
        {
            return Rules(definition).Validate(next, live);
        }

        var errors = request.Subresource == "status" && live is not null
            ? CustomResourceValidation.ValidateStatus(definition.Schema, next, live, definition.Scale)
            : CustomResourceValidation.Validate(definition.Schema, next, live, definition.Scale);
        return Kind(next) is var kind && kind == definition.Kind
            ? errors
            : [new FieldError("kind", "FieldValueInvalid", $"Invalid value: \"{kind}\": must be {definition.Kind}"), .. errors];
    }

    private static string Kind(JsonObject next) => (string?)next["kind"] ?? "";

    private static void ResetStatus(ResourceDefinition definition, JsonObject next)
    {
        next.Remove("status");
        if (definition.Schema.Properties.TryGetValue("status", out var status) && status.AlwaysPresent)
        {
            next["status"] = Zero.Of(status);
        }
    }

    private static void Refuse(ResourceDefinition definition, JsonObject next, IReadOnlyList<FieldError> errors)
    {
        if (errors.Count > 0)
        {
            throw StatusErrors.Invalid(definition with { Kind = Kind(next) }, next.Name(), errors);
        }
    }
}
