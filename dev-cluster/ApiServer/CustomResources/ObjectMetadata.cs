using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>The rules for a custom resource's <c>metadata</c>: its name, its name's prefix and its labels.</summary>
internal static partial class ObjectMetadata
{
    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
        + "character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string NamePartRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string ValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        + "character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static void Check(JsonObject value, List<FieldError> errors)
    {
        if (value["metadata"] is not JsonObject metadata)
        {
            return;
        }
        var generateName = Text(metadata["generateName"]);
        if (generateName.Length > 0)
        {
            // The server adds letters to a prefix, so a trailing dash is fine.
            CheckName("metadata.generateName", generateName, generateName.TrimEnd('-') is { Length: > 0 } stem ? stem : generateName, errors);
        }
        var name = Text(metadata["name"]);
        if (name.Length > 0)
        {
            CheckName("metadata.name", name, name, errors);
        }
        else if (generateName.Length == 0)
        {
            errors.Add(Cause.Required("metadata.name", "name or generateName is required"));
        }
        foreach (var (key, label) in metadata["labels"] as JsonObject ?? [])
        {
            CheckLabel(key, Text(label), errors);
        }
    }

    private static void CheckName(string field, string given, string tested, List<FieldError> errors)
    {
        if (tested.Length > 253)
        {
            errors.Add(Cause.Invalid(field, GoText.Quote(given), "must be no more than 253 bytes"));
        }
        if (!Subdomain().IsMatch(tested))
        {
            errors.Add(Cause.Invalid(field, GoText.Quote(given), SubdomainRule));
        }
    }

    private static void CheckLabel(string key, string value, List<FieldError> errors)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && !Subdomain().IsMatch(key[..slash]))
        {
            errors.Add(Cause.Invalid("metadata.labels", GoText.Quote(key), "prefix part " + SubdomainRule));
        }
        var name = key[(slash + 1)..];
        if (name.Length > 63)
        {
            errors.Add(Cause.Invalid("metadata.labels", GoText.Quote(key), "name part must be no more than 63 bytes"));
        }
        if (!Word().IsMatch(name))
        {
            errors.Add(Cause.Invalid("metadata.labels", GoText.Quote(key), NamePartRule));
        }
        if (value.Length > 63)
        {
            errors.Add(Cause.Invalid("metadata.labels", GoText.Quote(value), "must be no more than 63 bytes"));
        }
        if (value.Length > 0 && !Word().IsMatch(value))
        {
            errors.Add(Cause.Invalid("metadata.labels", GoText.Quote(value), ValueRule));
        }
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
