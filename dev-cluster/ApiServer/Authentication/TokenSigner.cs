using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Authentication;

/// <summary>Makes JSON Web Tokens and knows its own again. Its key is made with the first token and lives as long as the server.</summary>
internal sealed class TokenSigner : IDisposable
{
    private const int KeyBits = 2048;
    private readonly Lazy<RSA> _key = new(() => RSA.Create(KeyBits));

    public string Sign(JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = KeyId() };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        var signature = _key.Value.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The claims of a token that this signer made; null for any other text.</summary>
    public JsonObject? Verify(string token)
    {
        var end = token.LastIndexOf('.');
        if (end < 0 || token.Split('.') is not [_, var claims, var signature] || !Base64Url.IsValid(claims) || !Base64Url.IsValid(signature))
        {
            return null;
        }

        return _key.Value.VerifyData(
            Encoding.UTF8.GetBytes(token[..end]), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ? JsonSerializer.Deserialize<JsonObject>(Base64Url.DecodeFromChars(claims), JsonSerializerOptions.Default)
            : null;
    }

    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value.Dispose();
        }
    }

    private string KeyId() => Base64Url.EncodeToString(SHA256.HashData(_key.Value.ExportSubjectPublicKeyInfo()));

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString(JsonText.Options)));
}
