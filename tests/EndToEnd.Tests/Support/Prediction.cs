using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The sample's request, and what a right answer to it looks like.</summary>
internal static class Prediction
{
    private static readonly byte[] Body = File.ReadAllBytes(Repository.Sample("fraud-detection/request.json"));

    /// <exception cref="HttpRequestException">The answer was not 200.</exception>
    public static async Task<JsonObject> SendAsync(HttpClient client, string model, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.PostAsync(new Uri($"/v2/models/{model}/infer", UriKind.Relative), content, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new HttpRequestException($"{(int)response.StatusCode}: {text}");
    }

    /// <summary>The labels of the answer: 0 is ordinary, 1 is fraud.</summary>
    public static IReadOnlyList<long> Labels(JsonObject answer) =>
        [.. answer["outputs"]!.AsArray().Single(output => (string?)output!["name"] == "label")!["data"]!.AsArray().Select(value => (long)value!)];
}
