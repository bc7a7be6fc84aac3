using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The span of a request over REST, named and tagged as OpenTelemetry's conventions for HTTP have it.</summary>
internal static class RestTrace
{
    private const string Method = "POST";

    /// <returns>Null when nobody would learn of it.</returns>
    public static RequestTrace? Begin(HttpRequest request, in RestRoute route, bool isLogged)
    {
        var name = Name(route);
        if (RequestTrace.Begin(name, request.Headers, isLogged, "http.response.status_code") is not { } trace)
        {
            return null;
        }

        trace.Tag("http.request.method", Method);
        trace.Tag("http.route", name[(Method.Length + 1)..]);
        trace.Tag("url.path", request.Path.Value ?? "");
        trace.Tag("url.scheme", request.Scheme);
        return trace;
    }

    private static string Name(in RestRoute route) => (route.Target, route.Version.IsEmpty) switch
    {
        (RestTarget.Predict, true) => "POST /v1/models/{model}:predict",
        (RestTarget.Predict, false) => "POST /v1/models/{model}/versions/{version}:predict",
        (_, true) => "POST /v2/models/{model}/infer",
        (_, false) => "POST /v2/models/{model}/versions/{version}/infer",
    };
}
