using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>
/// A token as what it says: recordings hold the decoded parts in the token's place. Its times are compared by how far they lie from the moment
/// of its making.
/// </summary>
internal static class TokenText
{
    private const string Decoded = "$jwt";

    /// <summary>The parts of a token's text; null for any other text.</summary>
    public static JsonObject? Read(string text)
    {
        if (text.Split('.') is not [var header, var claims, { Length: > 0 }] || Part(header) is not { } head || head["alg"] is null || Part(claims) is not { } said)
        {
            return null;
        }

        return Comparable(head, said);
    }

    /// <summary>The parts of a token that was recorded decoded; null for any other object.</summary>
    public static JsonObject? Read(JsonObject value) =>
        value[Decoded] is JsonObject parts && parts["header"] is JsonObject header && parts["claims"] is JsonObject claims
            ? Comparable((JsonObject)header.DeepClone(), (JsonObject)claims.DeepClone())
            : null;

    private static JsonObject Comparable(JsonObject header, JsonObject claims)
    {
        header["kid"] = header["kid"] is null ? null : "<key>";
        claims["jti"] = claims["jti"] is null ? null : "<id>";
        long made = claims["iat"]?.GetValue<long>() ?? 0;
        foreach (string moment in (string[])["exp", "nbf", "iat"])
        {
            claims[moment] = claims[moment]?.GetValue<long>() - made;
        }

        return new JsonObject { ["header"] = header, ["claims"] = claims };
    }

    private static JsonObject? Part(string text)
    {
        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<JsonObject>(Base64Url.DecodeFromChars(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
