using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using Slipway.DevCluster.ApiServer;

namespace Slipway.DevCluster.Tests.ApiServer;

/// <summary>Sends JSON to a server as whoever a token belongs to; an empty token is nobody's.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(ApiServerHost host, string token)
    {
        var configuration = host.ClientConfiguration("tests");
        _http = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, chain, errors) =>
                Kubernetes.CertificateValidationCallBack(new object(), configuration.SslCaCerts, certificate!, chain!, errors),
        })
        {
            BaseAddress = host.Address,
        };
        if (token.Length > 0)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    public async Task<(HttpStatusCode Code, JsonObject Body)> SendAsync(
        HttpMethod method, string path, string? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        return (response.StatusCode, (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!);
    }

    public void Dispose() => _http.Dispose();
}
