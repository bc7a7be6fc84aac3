using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>An answer as it came.</summary>
internal sealed record RestReply(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body) ?? throw new AssertionException($"The answer is no JSON: {Text}");

    public string Error => Json["error"]!.GetValue<string>();
}

/// <summary>Requests that say more than JSON to <c>/infer</c>.</summary>
internal static class RestCalls
{
    public const string BinaryHeader = "Inference-Header-Content-Length";

    /// <summary>A request to <see cref="Models.TestModels.Heavy"/>.</summary>
    public static string HeavyRequest(int rows) =>
        $$"""{"inputs":[{"name":"x","shape":[{{rows}},1024],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat("1", rows * 1024))}}]}]}""";

    public static Task<RestReply> GetAsync(this TestServer server, string path, CancellationToken cancellationToken) =>
        server.SendAsync(HttpMethod.Get, path, null, [], cancellationToken);

    public static Task<RestReply> PostAsync(
        this TestServer server, string path, string json, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        server.SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(json), headers, cancellationToken);

    /// <summary>Asks the management port to load or unload model <c>m</c>.</summary>
    /// <param name="what">The end of the path: <c>load</c>, <c>versions/2/unload</c> …</param>
    public static async Task<RestReply> ControlAsync(this TestServer server, string what, CancellationToken cancellationToken, string body = "")
    {
        using var content = new StringContent(body);
        using var response = await server.Management.PostAsync($"/v2/repository/models/m/{what}", content, cancellationToken);
        return new(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>JSON and the tensors behind it, as the binary extension wants them.</summary>
    public static Task<RestReply> PostBinaryAsync(
        this TestServer server, string json, byte[] tensors, CancellationToken cancellationToken, string path = "/v2/models/m/infer")
    {
        var head = Encoding.UTF8.GetBytes(json);
        var header = (BinaryHeader, head.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return server.SendAsync(HttpMethod.Post, path, [.. head, .. tensors], [header], cancellationToken);
    }

    public static async Task<RestReply> SendAsync(
        this TestServer server, HttpMethod method, string path, byte[]? body, (string Name, string Value)[] headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await server.Http.SendAsync(request, cancellationToken);
        return new(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
