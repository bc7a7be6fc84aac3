using System.Globalization;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>The API server's kinds of field error, each with its fixed words.</summary>
internal static class Cause
{
    public static FieldError Required(string field, string detail = "") =>
        new(field, "FieldValueRequired", "Required value" + Tail(detail));

    /// <summary><paramref name="value"/> is the printed value; null leaves it out.</summary>
    public static FieldError Invalid(string field, string? value, string detail) =>
        new(field, "FieldValueInvalid", "Invalid value: " + (value is null ? detail : $"{value}: {detail}"));

    public static FieldError TypeInvalid(string field, string value, string detail) =>
        new(field, "FieldValueTypeInvalid", $"Invalid value: {value}: {detail}");

    public static FieldError NotSupported(string field, string value, IEnumerable<string> supported) =>
        new(field, "FieldValueNotSupported", $"Unsupported value: {value}: supported values: {string.Join(", ", supported.Select(GoText.Quote))}");

    public static FieldError TooLong(string field, long most) =>
        new(field, "FieldValueTooLong", string.Create(CultureInfo.InvariantCulture, $"Too long: may not be more than {most} bytes"));

    public static FieldError TooMany(string field, long actual, long most) =>
        new(field, "FieldValueTooMany", string.Create(CultureInfo.InvariantCulture, $"Too many: {actual}: must have at most {most} items"));

    public static FieldError Duplicate(string field, string value) => new(field, "FieldValueDuplicate", $"Duplicate value: {value}");

    public static FieldError Forbidden(string field, string detail) => new(field, "FieldValueForbidden", $"Forbidden: {detail}");

    private static string Tail(string detail) => detail.Length == 0 ? "" : ": " + detail;
}
