using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>
/// Turns bodies into objects of a kind: JSON or YAML, of the right kind and version, with unknown fields reported and dropped and defaults set.
/// </summary>
internal sealed class ObjectDecoder(ResourceDefinition definition, FieldValidation validation, ICollection<string> warnings)
{
    /// <summary>The whole object that a body holds.</summary>
    /// <exception cref="StatusException">400 or 415 for what is not one of this kind.</exception>
    public JsonObject Decode(RequestBody body)
    {
        var (sent, duplicates) = BodyReading.ReadObject(body, definition);
        CheckKind(body, sent);
        if (TypeMismatch(sent) is { } mismatch)
        {
            throw CannotHandle(definition.Kind, mismatch);
        }

        Report(sent, duplicates, problems => CannotHandle(definition.Kind, $"strict decoding error: {problems}"));
        return Complete(sent);
    }

    /// <summary>The result of a patch as an object of this kind.</summary>
    /// <exception cref="StatusException">422 for a result that is not.</exception>
    public JsonObject DecodePatched(JsonObject patched)
    {
        if ((TextMismatch(patched) ?? TypeMismatch(patched)) is { } mismatch)
        {
            throw InvalidPatch(patched, mismatch);
        }

        if (!definition.IsCustom && (string?)patched["kind"] is var kind && kind != definition.Kind)
        {
            throw InvalidPatch(patched, NoSuchKind(kind ?? "", (string?)patched["apiVersion"] ?? ""));
        }

        Report(patched, [], problems => InvalidPatch(patched, $"strict decoding error: {problems}"));
        return Complete(patched);
    }

    /// <summary>Drops what the schema does not know and sets what it defaults.</summary>
    public JsonObject Complete(JsonObject value)
    {
        value["apiVersion"] ??= definition.ApiVersion;
        value["kind"] ??= definition.Kind;
        NullFields.Drop(definition.Schema, value);
        Pruner.Prune(definition.Schema, value);
        if (HasKind(value))
        {
            Defaulter.Apply(definition.Schema, value);
        }

        KindRules.For(definition.Group, definition.Kind).Default(value);
        return value;
    }

    /// <summary>A custom resource under another kind comes as far as validation, without the defaults of the kind that it is not.</summary>
    private bool HasKind(JsonObject value) => !definition.IsCustom || (string?)value["kind"] == definition.Kind;

    private string? TypeMismatch(JsonObject value) => definition.IsCustom
        ? FieldTypes.MetadataMismatch(value)
        : new FieldTypes(definition.Version).Mismatch(definition.Schema, value);

    /// <summary>The complaint about an apiVersion or a kind that is no text; null when they are.</summary>
    private static string? TextMismatch(JsonObject value) => ((string[])["apiVersion", "kind"])
        .Where(field => value[field] is { } given && given.GetValueKind() != JsonValueKind.String)
        .Select(field => $"json: cannot unmarshal {FieldTypes.Word(value[field])} into Go struct field .{field} of type string")
        .FirstOrDefault();

    private void CheckKind(RequestBody body, JsonObject sent)
    {
        if (TextMismatch(sent) is { } mismatch)
        {
            throw BodyReading.Unrecognized(body, definition, $"couldn't get version/kind; json parse error: {mismatch}");
        }

        var version = (string?)sent["apiVersion"] ?? "";
        var kind = (string?)sent["kind"] ?? "";
        if (version.Count(c => c == '/') > 1)
        {
            throw BodyReading.Unrecognized(body, definition, $"unexpected GroupVersion string: {version}");
        }

        if (definition.IsCustom)
        {
            CheckCustomKind(body, version, kind);
        }
        else if ((kind.Length > 0 && kind != definition.Kind) || (version.Length > 0 && version != definition.ApiVersion))
        {
            throw CannotHandle(kind, NoSuchKind(kind, version));
        }
    }

    private void CheckCustomKind(RequestBody body, string version, string kind)
    {
        if (kind.Length == 0)
        {
            throw BodyReading.Unrecognized(body, definition, $"Object 'Kind' is missing in '{Encoding.UTF8.GetString(body.Bytes)}'");
        }

        if (version.Length == 0)
        {
            throw BodyReading.Unrecognized(body, definition, $"Object 'apiVersion' is missing in '{Encoding.UTF8.GetString(body.Bytes)}'");
        }

        if (version != definition.ApiVersion)
        {
            throw StatusErrors.BadRequest(
                $"the API version in the data ({version}) does not match the expected API version ({definition.ApiVersion})");
        }
    }

    private void Report(JsonObject value, IReadOnlyList<string> duplicates, Func<string, StatusException> refuse)
    {
        if (validation == FieldValidation.Ignore)
        {
            return;
        }

        var problems = UnknownFields.Find(definition.Schema, value).Select(path => $"unknown field \"{path}\"").Order(StringComparer.Ordinal);
        IReadOnlyList<string> all = [.. duplicates, .. problems];
        if (all.Count > 0 && validation == FieldValidation.Strict)
        {
            throw refuse(string.Join(", ", all));
        }

        foreach (var problem in all)
        {
            warnings.Add(problem);
        }
    }

    private StatusException CannotHandle(string kind, string why) =>
        StatusErrors.BadRequest($"{kind} in version \"{definition.Version}\" cannot be handled as a {definition.Kind}: {why}");

    private static string NoSuchKind(string kind, string version) =>
        $"no kind \"{kind}\" is registered for version \"{version}\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"";

    private static StatusException InvalidPatch(JsonObject patched, string why) => StatusErrors.Invalid("", "", "",
    [
        new FieldError("patch", "FieldValueInvalid", $"Invalid value: {GoString(patched.ToJsonString(JsonText.Options))}: {why}"),
    ]);

    private static string GoString(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
