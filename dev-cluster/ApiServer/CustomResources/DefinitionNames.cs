using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>The names of a definition: its own, its group's, and what its resource is called.</summary>
internal static partial class DefinitionNames
{
    /// <summary>What the API server says of a bad DNS-1035 label.</summary>
    public const string LabelRule =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an "
        + "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private const string Approval = "api-approved.kubernetes.io";

    public static void CheckObjectName(JsonObject crd, JsonObject spec, List<FieldError> errors)
    {
        var name = Text(crd["metadata"]?["name"]);
        var group = Text(spec["group"]);
        if (name != $"{Text(spec["names"]?["plural"])}.{group}")
        {
            errors.Add(Cause.Invalid("metadata.name", GoText.Quote(name), "must be spec.names.plural+\".\"+spec.group"));
        }
        var isProtected = $".{group}".EndsWith(".k8s.io", StringComparison.Ordinal) || $".{group}".EndsWith(".kubernetes.io", StringComparison.Ordinal);
        if (isProtected && Text(crd["metadata"]?["annotations"]?[Approval]).Length == 0)
        {
            errors.Add(Cause.Required($"metadata.annotations[{Approval}]",
                $"protected groups must have approval annotation \"{Approval}\", see https://github.com/kubernetes/enhancements/pull/1111"));
        }
    }

    public static void CheckGroupAndScope(JsonObject spec, List<FieldError> errors)
    {
        var group = Text(spec["group"]);
        if (group.Length == 0)
        {
            errors.Add(Cause.Required("spec.group"));
        }
        else if (ObjectNames.Subdomain(group).ToArray() is { Length: > 0 } problems)
        {
            errors.AddRange(problems.Select(problem => Cause.Invalid("spec.group", GoText.Quote(group), problem)));
        }
        else if (!group.Contains('.', StringComparison.Ordinal))
        {
            errors.Add(Cause.Invalid("spec.group", GoText.Quote(group), "should be a domain with at least one dot"));
        }
        var scope = Text(spec["scope"]);
        if (scope.Length == 0)
        {
            errors.Add(Cause.Required("spec.scope"));
        }
        else if (scope is not ("Cluster" or "Namespaced"))
        {
            errors.Add(Cause.NotSupported("spec.scope", GoText.Quote(scope), ["Cluster", "Namespaced"]));
        }
    }

    public static void Check(JsonObject spec, List<FieldError> errors)
    {
        var names = spec["names"] as JsonObject ?? [];
        foreach (var field in (ReadOnlySpan<string>)["plural", "singular", "kind", "listKind"])
        {
            var name = Text(names[field]);
            if (name.Length == 0)
            {
                errors.Add(Cause.Required($"spec.names.{field}"));
            }
            else
            {
                CheckLabel($"spec.names.{field}", name, field is "kind" or "listKind" ? name.ToLowerInvariant() : name, errors);
            }
        }
        foreach (var field in (ReadOnlySpan<string>)["shortNames", "categories"])
        {
            var list = names[field] as JsonArray ?? [];
            for (var i = 0; i < list.Count; i++)
            {
                CheckLabel($"spec.names.{field}[{i}]", Text(list[i]), Text(list[i]), errors);
            }
        }
        if (Text(names["kind"]) is { Length: > 0 } kind && kind == Text(names["listKind"]))
        {
            errors.Add(Cause.Invalid("spec.names.listKind", GoText.Quote(kind), "kind and listKind may not be the same"));
        }
    }

    public static void CheckLabel(string field, string given, string tested, List<FieldError> errors)
    {
        if (tested.Length > 63)
        {
            errors.Add(Cause.Invalid(field, GoText.Quote(given), "must be no more than 63 bytes"));
        }
        if (!Label().IsMatch(tested))
        {
            errors.Add(Cause.Invalid(field, GoText.Quote(given), LabelRule));
        }
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    [GeneratedRegex(@"^[a-z](?:[-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();
}
