using System.Net;
using System.Text.Json.Nodes;
using k8s;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>The API server refused; the message is its own.</summary>
internal sealed class ApiRefusalException(HttpStatusCode code, string message) : Exception(message)
{
    public HttpStatusCode Code => code;

    /// <summary>The server knows nothing of such a path, rather than of the object.</summary>
    public bool IsPathUnknown => code == HttpStatusCode.NotFound && Message == "404 page not found";
}

/// <summary>Requests on paths of any group, for which the client library has no methods.</summary>
internal sealed class ApiCall(IKubernetes kubernetes)
{
    private readonly Kubernetes _client = kubernetes as Kubernetes
        ?? throw new InvalidOperationException($"Autoscalers need {nameof(IKubernetes)} to be {typeof(Kubernetes)}, not {kubernetes.GetType()}.");

    /// <exception cref="ApiRefusalException">The answer is no success.</exception>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, path)) { Version = HttpVersion.Version20 };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        }

        if (_client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        using var response = await _client.HttpClient.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new ApiRefusalException(response.StatusCode, Message(text));
    }

    /// <summary>Not every refusal is a Status: a path that nobody serves is answered in prose.</summary>
    private static string Message(string text) =>
        text.StartsWith('{') && JsonNode.Parse(text)?["message"] is { } message ? (string)message! : text.Trim();
}
