using System.Globalization;
using System.Net.Http.Headers;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>An inference request, the same over and over.</summary>
/// <param name="HeaderLength">Bytes of its JSON when binary tensors follow it; null for a body that is all JSON.</param>
internal sealed record Request(byte[] Body, int? HeaderLength = null)
{
    public const string Path = "/v2/models/m/infer";

    public const string HeaderLengthName = "Inference-Header-Content-Length";

    public string ContentType => HeaderLength is null ? "application/json" : "application/octet-stream";

    public HttpRequestMessage ToMessage()
    {
        var content = new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType) } };
        if (HeaderLength is { } length)
        {
            content.Headers.Add(HeaderLengthName, length.ToString(CultureInfo.InvariantCulture));
        }

        return new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
    }
}
