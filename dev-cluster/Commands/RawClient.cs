using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using k8s;

namespace Slipway.DevCluster.Commands;

/// <summary>Requests to the API server by path, for kinds that are known only by what a manifest says.</summary>
internal sealed class RawClient(Kubernetes client)
{
    public const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken, string accept = "application/json") =>
        SendAsync(HttpMethod.Get, path, null, accept, cancellationToken);

    /// <summary>Server-side apply; takes over fields that others own, as the owner of the manifest expects.</summary>
    public Task<JsonNode> ApplyAsync(string path, JsonObject manifest, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, $"{path}?fieldManager={Manifests.FieldManager}&force=true", manifest, "application/json", cancellationToken);

    /// <exception cref="InvalidOperationException">The API server refused; the message is its own.</exception>
    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/apply-patch+yaml");
        }

        await client.Credentials.ProcessHttpRequestAsync(request, cancellationToken);
        using var response = await client.HttpClient.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException(text.StartsWith('{') ? (string?)JsonNode.Parse(text)?["message"] : text.Trim());
    }
}
