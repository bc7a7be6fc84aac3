using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Says everything that is wrong with a custom resource, in the API server's words and order.</summary>
internal static class CustomResourceValidation
{
    private const string NotChecked =
        "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

    /// <summary>
    /// <paramref name="next"/> is complete: pruned, with defaults. <paramref name="old"/> is null on create. <paramref name="scale"/> null
    /// means there is no scale subresource.
    /// </summary>
    public static IReadOnlyList<FieldError> Validate(Schema schema, JsonObject next, JsonObject? old, ScalePaths? scale = null)
    {
        var compiled = CompiledSchema.For(schema);
        List<FieldError> errors = [.. ObjectMetaValidation.Check(next)];
        new ValueValidation(new FieldPath(), errors).Check(compiled, next, old);
        CheckScale(scale, next, errors);
        return Finish(compiled, next, old, errors);
    }

    /// <summary>A write to the status subresource: the schema is held against <c>status</c> alone, the CEL rules against the whole object.</summary>
    public static IReadOnlyList<FieldError> ValidateStatus(Schema schema, JsonObject next, JsonObject old, ScalePaths? scale = null)
    {
        var compiled = CompiledSchema.For(schema);
        List<FieldError> errors = [];
        if (next["status"] is { } status && compiled.Properties.TryGetValue("status", out var node))
        {
            new ValueValidation(new FieldPath("status"), errors).Check(node, status, old["status"]);
        }
        CheckScale(scale, next, errors);
        return Finish(compiled, next, old, errors);
    }

    private static void CheckScale(ScalePaths? scale, JsonObject next, List<FieldError> errors)
    {
        if (scale is not null)
        {
            ScaleValues.Check(scale, next, errors);
        }
    }

    private static List<FieldError> Finish(CompiledSchema compiled, JsonObject next, JsonObject? old, List<FieldError> errors)
    {
        List<FieldError> repeated = [];
        ListKeys.Check(compiled.Schema, next, new FieldPath(), repeated);
        if (repeated.Count > 0 && !(old is not null && RepeatedBefore(compiled.Schema, old)))
        {
            errors.AddRange(repeated);
        }
        if (compiled.HasRules && Blocked(errors) is { } note)
        {
            errors.Add(note);
        }
        else if (compiled.HasRules)
        {
            new RuleValidation(new FieldPath(), errors).Check(compiled, next, old);
        }
        return errors;
    }

    private static bool RepeatedBefore(Schema schema, JsonObject old)
    {
        List<FieldError> repeated = [];
        ListKeys.Check(schema, old, new FieldPath(), repeated);
        return repeated.Count > 0;
    }

    // Null when the CEL rules can be checked in spite of the errors.
    private static FieldError? Blocked(IEnumerable<FieldError> errors) =>
        errors.Any(error => error.Reason is "FieldValueNotSupported" or "FieldValueRequired" or "FieldValueTooLong" or "FieldValueTooMany" or "FieldValueTypeInvalid")
            ? Cause.Invalid(FieldPath.None, "null", NotChecked)
            : null;
}
