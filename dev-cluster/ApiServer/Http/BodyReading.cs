using System.Text;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Protobuf;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.Operator.Manifests;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>From bytes to JSON, with the API server's refusals.</summary>
internal static class BodyReading
{
    private const string WithoutProtobuf = "application/json, application/yaml";
    private const string Accepted = $"{WithoutProtobuf}, {ProtobufBody.MediaType}";
    private const int ShownCharacters = 30;

    /// <summary>The object in a body, and what its text says twice.</summary>
    /// <exception cref="StatusException">400 for a body that holds no object, 415 for a media type that is not read.</exception>
    public static (JsonObject Value, IReadOnlyList<string> Duplicates) ReadObject(RequestBody body, ResourceDefinition definition)
    {
        if (definition.IsCustom && body.MediaType == ProtobufBody.MediaType)
        {
            throw UnsupportedMediaType(WithoutProtobuf);
        }

        try
        {
            var (value, duplicates) = Read(body);
            return value switch
            {
                JsonObject found => (found, duplicates),
                null when definition.IsCustom => throw Unrecognized(body, definition, "Object 'Kind' is missing in 'null'"),
                null => (definition.NewObject(), duplicates),
                _ => throw Unrecognized(body, definition, $"couldn't get version/kind; json parse error: {NotAnObject(value)}"),
            };
        }
        catch (FormatException e)
        {
            var what = body.MediaType is "application/yaml" or ProtobufBody.MediaType ? "" : "couldn't get version/kind; json parse error: ";
            throw Unrecognized(body, definition, what + e.Message);
        }
    }

    /// <summary>JSON, YAML or protobuf by media type; a body without one is JSON.</summary>
    /// <exception cref="FormatException">With the sentence that says what is wrong.</exception>
    public static (JsonNode? Value, IReadOnlyList<string> Duplicates) Read(RequestBody body) => body.MediaType switch
    {
        "application/json" or "" => JsonReading.Read(body.Bytes),
        "application/yaml" => (Yaml.Parse(Encoding.UTF8.GetString(body.Bytes)), []),
        ProtobufBody.MediaType => (ProtobufBody.Read(body.Bytes) ?? throw UnsupportedMediaType(WithoutProtobuf), []),
        _ => throw UnsupportedMediaType(Accepted),
    };

    public static StatusException UnsupportedMediaType(string accepted) => new(
        415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    public static StatusException Unrecognized(RequestBody body, ResourceDefinition definition, string why) =>
        StatusErrors.BadRequest($"the object provided is unrecognized (must be of type {definition.Kind}): {why} ({Shown(body.Bytes)})");

    private static string NotAnObject(JsonNode value) =>
        $"json: cannot unmarshal {FieldTypes.Word(value)} into Go value of type struct "
        + "{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

    /// <summary>The start of a JSON body as text, anything else as hexadecimal bytes.</summary>
    private static string Shown(byte[] body)
    {
        if (body.Length == 0)
        {
            return "<empty>";
        }

        if (body[0] != (byte)'{')
        {
            return Convert.ToHexStringLower(body.AsSpan(0, Math.Min(body.Length, 5 * ShownCharacters)));
        }

        var text = Encoding.UTF8.GetString(body);
        return text.Length > ShownCharacters ? $"{text[..ShownCharacters]} ..." : text;
    }
}
