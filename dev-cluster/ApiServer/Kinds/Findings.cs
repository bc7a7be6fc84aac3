using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Kinds;

/// <summary>Collects the errors of one object, in the order in which the server finds them.</summary>
internal sealed class Findings : IReadOnlyList<FieldError>
{
    private readonly List<FieldError> _errors = [];

    public int Count => _errors.Count;

    public FieldError this[int index] => _errors[index];

    public IEnumerator<FieldError> GetEnumerator() => _errors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Required(string field, string detail = "") => _errors.Add(Cause.Required(field, detail));

    public void Invalid(string field, JsonNode? value, string detail) => _errors.Add(Cause.Invalid(field, GoText.Value(value), detail));

    public void InvalidText(string field, string value, string detail) => _errors.Add(Cause.Invalid(field, GoText.Quote(value), detail));

    /// <summary>The value in a form of its own, as the server prints some structs.</summary>
    public void InvalidPrinted(string field, string value, string detail) => _errors.Add(Cause.Invalid(field, value, detail));

    public void Forbidden(string field, string detail) => _errors.Add(Cause.Forbidden(field, detail));

    public void Duplicate(string field, string value) => _errors.Add(Cause.Duplicate(field, GoText.Quote(value)));

    public void DuplicateOf(string field, JsonNode value) => _errors.Add(Cause.Duplicate(field, GoText.Json(value)));

    public void NotFound(string field, string value) => _errors.Add(new FieldError(field, "FieldValueNotFound", $"Not found: {GoText.Quote(value)}"));

    public void TooMany(string field, long actual, long most) => _errors.Add(Cause.TooMany(field, actual, most));

    public void TooLong(string field, long most) => _errors.Add(Cause.TooLong(field, most));

    /// <summary>An absent value is fine; one outside the list is not.</summary>
    public void OneOf(string field, string value, params string[] supported)
    {
        if (value.Length > 0 && !supported.Contains(value))
        {
            _errors.Add(Cause.NotSupported(field, GoText.Quote(value), supported));
        }
    }

    public void NotNegative(string field, JsonNode? value)
    {
        if (value.AsNumber() < 0)
        {
            Invalid(field, value, "must be greater than or equal to 0");
        }
    }

    public void Port(string field, JsonNode? value)
    {
        if (value.AsNumber() is < 1 or > 65535)
        {
            Invalid(field, value, "must be between 1 and 65535, inclusive");
        }
    }

    public void Immutable(string field, JsonNode? next, JsonNode? old)
    {
        if (!JsonNode.DeepEquals(next, old))
        {
            Invalid(field, next, "field is immutable");
        }
    }

    /// <summary>A whole number or a percentage, neither negative.</summary>
    public void IntOrPercent(string field, JsonNode? value)
    {
        if (value.AsText() is not { } text)
        {
            NotNegative(field, value);
        }
        else if (text.Length < 2 || text[^1] != '%' || !text.AsSpan(0, text.Length - 1).ContainsAnyInRange('0', '9') || text.AsSpan(0, text.Length - 1).ContainsAnyExceptInRange('0', '9'))
        {
            InvalidText(field, text, "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
        }
    }

    public static string At(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}
