using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>What happens to fields that the schema does not know, and to fields given twice.</summary>
internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>The query of a write. An empty <paramref name="FieldManager"/> means that the user agent names the manager.</summary>
internal sealed record WriteOptions(bool DryRun, string FieldManager, FieldValidation FieldValidation, bool Force)
{
    private const int LongestManager = 128;

    public static WriteOptions Default { get; } = new(false, "", FieldValidation.Warn, false);

    /// <param name="query">The query of the request.</param>
    /// <param name="kind">What refusals call it: CreateOptions, UpdateOptions or PatchOptions.</param>
    /// <param name="isApply">True for a server-side apply, which must name its manager and alone may use force.</param>
    /// <exception cref="StatusException">422 with every fault.</exception>
    public static WriteOptions Parse(IQueryCollection query, string kind, bool isApply)
    {
        var errors = new List<FieldError>();
        var dryRun = DryRuns([.. query["dryRun"].Select(v => v ?? "")], errors);
        var manager = query["fieldManager"].ToString();
        var force = query["force"].ToString();
        if (isApply && manager.Length == 0)
        {
            errors.Add(new FieldError("fieldManager", "FieldValueRequired", "Required value: is required for apply patch"));
        }

        if (!isApply && force.Length > 0)
        {
            errors.Add(new FieldError("force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch"));
        }

        if (manager.Length > LongestManager)
        {
            errors.Add(new FieldError("fieldManager", "FieldValueTooLong", $"Too long: may not be more than {LongestManager} bytes"));
        }

        var validation = Validation(query["fieldValidation"].ToString(), errors);
        return errors.Count == 0
            ? new WriteOptions(dryRun, manager, validation, force is "true" or "1")
            : throw StatusErrors.Invalid("meta.k8s.io", kind, "", errors);
    }

    /// <summary>True when a dry run was asked for; anything but All is an error.</summary>
    public static bool DryRuns(IReadOnlyList<string> values, List<FieldError> errors)
    {
        if (values.Any(v => v != "All"))
        {
            var given = string.Join(',', values.Select(v => $"\"{v}\""));
            errors.Add(new FieldError("dryRun", "FieldValueNotSupported", $"Unsupported value: [{given}]: supported values: \"All\""));
        }

        return values.Count > 0;
    }

    private static FieldValidation Validation(string text, List<FieldError> errors)
    {
        switch (text)
        {
            case "Ignore":
                return FieldValidation.Ignore;
            case "" or "Warn":
                return FieldValidation.Warn;
            case "Strict":
                return FieldValidation.Strict;
            default:
                errors.Add(new FieldError(
                    "fieldValidation",
                    "FieldValueNotSupported",
                    $"Unsupported value: \"{text}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""));
                return FieldValidation.Warn;
        }
    }
}
