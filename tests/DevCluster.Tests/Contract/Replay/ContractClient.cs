using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.Contract.Replay;

/// <summary>
/// Sends requests as they were recorded, byte for byte in path and headers, with no User-Agent: so the server names the field manager "unknown".
/// </summary>
internal sealed class ContractClient : IDisposable
{
    private readonly HttpClient _http;

    public ContractClient(KubernetesClientConfiguration configuration)
    {
        SslClientAuthenticationOptions tls = new() { RemoteCertificateValidationCallback = Validation(configuration) };
        if (ClientCertificate(configuration) is { } certificate)
        {
            tls.ClientCertificates = [certificate];
        }

        _http = new HttpClient(new SocketsHttpHandler { SslOptions = tls, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(configuration.Host),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (!string.IsNullOrEmpty(configuration.AccessToken))
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", configuration.AccessToken);
        }
    }

    public async Task<Answer> SendAsync(RecordedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await OpenAsync(request, cancellationToken);
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            return ToAnswer(response, text, null);
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
            return new Answer(0, null, [], false, e.Message, null);
        }
    }

    /// <summary>Sends the request and returns as soon as the answer's headers are there; the caller disposes the answer.</summary>
    public async Task<HttpResponseMessage> OpenAsync(RecordedRequest request, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(new HttpMethod(request.Method), Verbatim(request.Path));
        if (request.BodyText is { } body)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach ((string name, string value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Sends JSON and expects success: for setting a case up, not for its steps.</summary>
    public async Task<JsonNode?> CallAsync(string method, string path, JsonNode? body, CancellationToken cancellationToken, params int[] alsoFine)
    {
        Dictionary<string, string> headers = new() { ["Accept"] = "application/json", ["Content-Type"] = ContentType(method) };
        Answer answer = await SendAsync(new RecordedRequest(method, path, headers, body), cancellationToken);
        return answer.Status is >= 200 and < 300 || alsoFine.Contains(answer.Status)
            ? answer.Body
            : throw new InvalidOperationException($"{method} {path} was answered {answer.Status}: {answer.Text}");
    }

    public static Answer ToAnswer(HttpResponseMessage response, string text, IReadOnlyList<JsonNode>? events) => new(
        (int)response.StatusCode,
        response.Content.Headers.TryGetValues("Content-Type", out IEnumerable<string>? types) ? types.First() : null,
        response.Headers.TryGetValues("Warning", out IEnumerable<string>? warnings) ? [.. warnings] : [],
        response.Headers.RetryAfter is not null,
        text,
        events);

    public void Dispose() => _http.Dispose();

    private static string ContentType(string method) => method == "PATCH" ? "application/merge-patch+json" : "application/json";

    private Uri Verbatim(string path) => new(
        _http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static X509Certificate2? ClientCertificate(KubernetesClientConfiguration configuration)
    {
        if (Pem(configuration.ClientCertificateData, configuration.ClientCertificateFilePath) is not { } certificate
            || Pem(configuration.ClientCertificateKeyData, configuration.ClientKeyFilePath) is not { } key)
        {
            return null;
        }

        using X509Certificate2 pair = X509Certificate2.CreateFromPem(certificate, key);
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pfx), null);
    }

    private static string? Pem(string? data, string? file) =>
        !string.IsNullOrEmpty(data) ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
        : !string.IsNullOrEmpty(file) ? File.ReadAllText(file)
        : null;

    private static RemoteCertificateValidationCallback Validation(KubernetesClientConfiguration configuration) => (_, certificate, _, errors) =>
    {
        if (errors == SslPolicyErrors.None || configuration.SkipTlsVerify)
        {
            return true;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(configuration.SslCaCerts ?? []);
        return errors == SslPolicyErrors.RemoteCertificateChainErrors && chain.Build(new X509Certificate2(certificate!));
    };
}
