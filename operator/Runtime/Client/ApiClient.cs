using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace Slipway.Runtime;

/// <summary>
/// Requests to the API server over the connection, credentials and trust of the host's <see cref="IKubernetes"/>. The client's generic
/// methods lack field manager, force and bookmarks, and its watch cannot tell a silent stream from a dead one. Every write of the runtime
/// goes through here, and asks the guard just before it is sent.
/// </summary>
/// <param name="pause">What the API server asked for, which all requests keep to; null for requests that are rare, and must not wait.</param>
internal sealed class ApiClient(
    IKubernetes kubernetes, TimeSpan requestTimeout, IWriteGuard guard, ServerPause? pause, RequestMetrics metrics, TimeProvider clock)
{
    public const string ApplyPatch = "application/apply-patch+yaml";
    public const string MergePatch = "application/merge-patch+json";
    public const string Json = "application/json";

    private readonly Kubernetes _client = kubernetes as Kubernetes
        ?? throw new InvalidOperationException($"The runtime needs {nameof(IKubernetes)} to be {typeof(Kubernetes)}, not {kubernetes.GetType()}.");

    /// <summary>HTTP/2 by default, where the API server speaks it: all requests share a connection.</summary>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version20;

    /// <summary>As <see cref="KubernetesRuntimeOptions.MaxAnswerBytes"/>.</summary>
    public int MaxAnswerBytes { get; init; } = KubernetesRuntimeOptions.DefaultMaxAnswerBytes;

    /// <exception cref="ApiException">The answer is no success.</exception>
    /// <exception cref="NotLeaderException">The request would have written, and this process may not.</exception>
    /// <exception cref="HttpRequestException">There was no answer, or with <see cref="HttpRequestError.ConfigurationLimitExceeded"/> one that is too large.</exception>
    /// <exception cref="TimeoutException">No whole answer within the request timeout, which begins when the request may be sent.</exception>
    public async Task<JsonElement> SendAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, CancellationToken cancellationToken) =>
        (await AskAsync(method, pathAndQuery, body, contentType, mayBeMissing: false, cancellationToken))!.Value;

    /// <summary>The object, or null when there is none.</summary>
    public Task<JsonElement?> FindAsync(string path, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, path, null, Json, mayBeMissing: true, cancellationToken);

    private async Task<JsonElement?> AskAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, bool mayBeMissing, CancellationToken cancellationToken)
    {
        await PauseAsync(cancellationToken);
        using var timeout = new CancellationTokenSource(requestTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await BeginAsync(method, pathAndQuery, body, contentType, mayBeMissing, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                return null;
            }

            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, either.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            using var document = await JsonDocument.ParseAsync(stream, ObjectJson.Documents, either.Token);
            return document.RootElement.Clone();
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{method} {pathAndQuery} was not answered within {requestTimeout}.", exception);
        }
    }

    /// <summary>Asks and returns as soon as the headers are here; the caller disposes the response.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        await PauseAsync(cancellationToken);
        return await BeginAsync(HttpMethod.Get, pathAndQuery, null, Json, mayBeMissing: false, cancellationToken);
    }

    private Task PauseAsync(CancellationToken cancellationToken) => pause?.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    /// <param name="mayBeMissing">404 is an answer too.</param>
    private async Task<HttpResponseMessage> BeginAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, bool mayBeMissing, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, pathAndQuery)) { Version = HttpVersion };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
        var name = $"{method} {request.RequestUri!.AbsolutePath}";
        if (body is not null)
        {
            request.Content = new GuardedContent(JsonSerializer.SerializeToUtf8Bytes(body), guard, name);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        if (_client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        if (method != HttpMethod.Get)
        {
            guard.Check(name);
        }

        using var span = RuntimeTraces.Request(method, request.RequestUri);
        var response = await SendAsync(request, cancellationToken);
        span.Answered((int)response.StatusCode);
        if (response.IsSuccessStatusCode || (mayBeMissing && response.StatusCode == HttpStatusCode.NotFound))
        {
            return response;
        }

        using (response)
        {
            pause?.Heed(response);
            throw await ErrorAsync(response, name, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            return response = await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        finally
        {
            metrics.Ended(request.Method, request.RequestUri!, response?.StatusCode);
        }
    }

    private async Task<ApiException> ErrorAsync(HttpResponseMessage response, string request, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
        return ApiStatus.Read(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), request);
    }
}
