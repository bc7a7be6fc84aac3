using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Admission;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Resources;

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
        if (definition.HasStatus)
        {
            next.Remove("status");
        }

        if (!change.OwnersKnown)
        {
            ManagedFields.Update(definition.Schema, null, next, Manager(request, options), time.GetUtcNow());
        }

        MetadataRules.OnCreate(definition, request.Namespace, next, time.GetUtcNow());
        foreach (var admission in admissions)
        {
            admission.OnCreate(request, next);
        }

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

        MetadataRules.CountGeneration(definition, next, live);
        Refuse(definition, next, [.. MetadataRules.Validate(next, live), .. Validate(request, next, live)]);
        return next;
    }

    private static FieldManager Manager(ObjectRequest request, WriteOptions options) =>
        request.FieldManager(options, FieldManager.Update);

    private static IReadOnlyList<FieldError> Validate(ObjectRequest request, JsonObject next, JsonObject? live)
    {
        var definition = request.Definition;
        return request.Subresource == "status" && live is not null && definition.IsCustom
            ? CustomResourceValidation.ValidateStatus(definition.Schema, next, live, definition.Scale)
            : definition.IsCustom ? CustomResourceValidation.Validate(definition.Schema, next, live, definition.Scale) : [];
    }

    private static void Refuse(ResourceDefinition definition, JsonObject next, IReadOnlyList<FieldError> errors)
    {
        if (errors.Count > 0)
        {
            throw StatusErrors.Invalid(definition, next.Name(), errors);
        }
    }
}
