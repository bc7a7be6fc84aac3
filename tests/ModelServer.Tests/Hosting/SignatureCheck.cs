using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>AWS Signature Version 4, from its specification and without the SDK: whether a request was signed with a secret.</summary>
internal static class SignatureCheck
{
    private const string Algorithm = "AWS4-HMAC-SHA256 ";

    /// <returns>Null when the signature is right.</returns>
    public static string? Fault(HttpRequest request, string id, string secret)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm, StringComparison.Ordinal))
        {
            return "the request is not signed";
        }

        var parts = header[Algorithm.Length..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var scope = parts["Credential"].Split('/', 2);
        if (scope[0] != id)
        {
            return $"the access key is {scope[0]}";
        }

        var canonical = Canonical(request, parts["SignedHeaders"].Split(';'));
        var toSign = string.Join('\n', "AWS4-HMAC-SHA256", request.Headers["x-amz-date"].ToString(), scope[1], Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = scope[1].Split('/').Aggregate(Encoding.UTF8.GetBytes($"AWS4{secret}"), (at, step) => HMACSHA256.HashData(at, Encoding.UTF8.GetBytes(step)));
        var expected = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return expected == parts["Signature"] ? null : "the signature is another one";
    }

    private static string Canonical(HttpRequest request, string[] signed)
    {
        var query = request.Query.SelectMany(pair => pair.Value.Select(value => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? "")}"))
            .Order(StringComparer.Ordinal);
        var headers = signed.Select(name => $"{name}:{string.Join(' ', request.Headers[name].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries))}\n");
        var path = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];

        // A proxy is asked for the whole address, and the signature is over the path.
        path = path.StartsWith('/') ? path : path[path.IndexOf('/', "http://".Length)..];
        return string.Join(
            '\n', request.Method, path, string.Join('&', query), string.Concat(headers), string.Join(';', signed), request.Headers["x-amz-content-sha256"].ToString());
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
