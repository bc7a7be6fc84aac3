using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Authentication;

/// <summary>
/// Makes JSON Web Tokens and knows its own again. The key is made with the first token, which takes a while, and is the same for all servers of a
/// process: a token of another one names an account that this one does not have.
/// </summary>
internal static class TokenSigner
{
    private const int KeyBits = 2048;
    private static readonly Lazy<RSA> Key = new(() => RSA.Create(KeyBits));

    public static string Sign(JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = KeyId() };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        var signature = Key.Value.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The claims of a token that this signer made; null for any other text.</summary>
    public static JsonObject? Verify(string token)
    {
        var end = token.LastIndexOf('.');
        if (end < 0 || token.Split('.') is not [_, var claims, var signature] || !Base64Url.IsValid(claims) || !Base64Url.IsValid(signature))
        {
            return null;
        }

        return Key.Value.VerifyData(
            Encoding.UTF8.GetBytes(token[..end]), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ? JsonSerializer.Deserialize<JsonObject>(Base64Url.DecodeFromChars(claims), JsonSerializerOptions.Default)
            : null;
    }

    private static string KeyId() => Base64Url.EncodeToString(SHA256.HashData(Key.Value.ExportSubjectPublicKeyInfo()));

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString(JsonText.Options)));
}
