using System.Text;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Patches;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.Operator.Manifests;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>Reads PATCH bodies: what kind of patch it is, and what it makes of an object.</summary>
internal static class PatchReader
{
    public const string ApplyType = "application/apply-patch+yaml";

    private const string JsonPatchType = "application/json-patch+json";
    private const string MergePatchType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const string CustomTypes = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

    /// <exception cref="StatusException">415 when the media type is no patch that this kind takes.</exception>
    public static void CheckType(RequestBody body, ResourceDefinition definition)
    {
        var known = body.MediaType is JsonPatchType or MergePatchType or ApplyType || (body.MediaType == StrategicType && !definition.IsCustom);
        if (!known)
        {
            throw definition.IsCustom
                ? BodyReading.UnsupportedMediaType(CustomTypes)
                : new StatusException(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);
        }
    }

    /// <summary>What a patch other than an apply does to an object. The result is a new object.</summary>
    /// <exception cref="StatusException">400 when the body cannot be read; the function itself throws what the patch refuses.</exception>
    public static Func<JsonObject, JsonObject> Read(RequestBody body, ResourceDefinition definition)
    {
        var patch = Parse(body);
        return (body.MediaType, patch) switch
        {
            (JsonPatchType, JsonArray operations) => live => JsonPatch.Apply(live, operations),
            (JsonPatchType, _) => throw CannotDecode($"json: cannot unmarshal {FieldTypes.Word(patch)} into Go value of type []handlers.jsonPatchOp"),
            (MergePatchType, JsonObject changes) => live => MergePatch.Apply(live, changes),
            (StrategicType, JsonObject changes) => live => StrategicMergePatch.Apply(definition.Schema, live, changes),
            _ => throw CannotDecode($"json: cannot unmarshal {FieldTypes.Word(patch)} into Go value of type map[string]interface {{}}"),
        };
    }

    /// <summary>The object of an apply, which may be YAML.</summary>
    public static JsonObject ReadApplied(RequestBody body)
    {
        try
        {
            return (AsJson(body.Bytes) ?? Yaml.Parse(Encoding.UTF8.GetString(body.Bytes))) as JsonObject
                ?? throw StatusErrors.BadRequest("error decoding YAML: an object is needed");
        }
        catch (FormatException e)
        {
            throw StatusErrors.BadRequest($"error decoding YAML: {e.Message}");
        }
    }

    /// <summary>Most YAML here is JSON, which reads in a tenth of the time; null when it is not.</summary>
    private static JsonNode? AsJson(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != (byte)'{')
        {
            return null;
        }

        try
        {
            // A field given twice is for YAML to judge.
            return JsonReading.Read(text) is { Duplicates.Count: 0 } read ? read.Value : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonNode? Parse(RequestBody body)
    {
        try
        {
            return JsonReading.Read(body.Bytes).Value;
        }
        catch (FormatException e)
        {
            throw CannotDecode(e.Message);
        }
    }

    private static StatusException CannotDecode(string why) => StatusErrors.BadRequest($"error decoding patch: {why}");
}
