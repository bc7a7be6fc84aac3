using System.Net.Http.Headers;

namespace Slipway.DevCluster.Commands;

/// <summary>Asks a model what a sample's <c>request.json</c> asks, through the model's Service.</summary>
internal static class FirstPrediction
{
    /// <summary>The file beside a sample's manifests that holds the request.</summary>
    public const string RequestFile = "request.json";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Where the model answers, from this machine.</summary>
    public static async Task<Uri> UrlAsync(RawClient client, AppliedObject model, CancellationToken cancellationToken)
    {
        var service = await client.GetAsync($"api/v1/namespaces/{model.Namespace}/services/{model.Name}", cancellationToken);
        return new($"http://{(string)service["spec"]!["clusterIP"]!}:{Api.ServerContract.HttpPort}/v2/models/{model.Name}/infer");
    }

    /// <returns>The body of the answer.</returns>
    /// <exception cref="InvalidOperationException">The model refused the request; the message is its answer.</exception>
    public static async Task<string> SendAsync(Uri url, string requestFile, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Limit };
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(requestFile, cancellationToken));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.PostAsync(url, body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{url} answered {(int)response.StatusCode} to {requestFile}: {text}");
    }
}
