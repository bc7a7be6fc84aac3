using System.Diagnostics;

namespace Slipway.Runtime;

/// <summary>The spans of the runtime: one for each reconcile, and below it one for each request to the API server. Nobody listens by default, which costs nothing.</summary>
public static class RuntimeTraces
{
    /// <summary>Add this source to the exporter.</summary>
    public const string SourceName = "Slipway.Runtime";

    private static readonly ActivitySource Source = new(SourceName);

    internal static Activity? Reconcile(string resource, ObjectKey key, long id)
    {
        var span = Source.StartActivity($"reconcile {resource}");
        return span?.SetTag("k8s.namespace.name", key.Namespace).SetTag("k8s.object.name", key.Name).SetTag("reconcile.id", id);
    }

    /// <summary>Null outside of a reconcile: watches and leases are no part of anything.</summary>
    internal static Activity? Request(HttpMethod method, Uri address) => Activity.Current is null
        ? null
        : Source.StartActivity(method.Method, ActivityKind.Client)?
            .SetTag("http.request.method", method.Method)
            .SetTag("server.address", address.Host)
            .SetTag("server.port", address.Port)
            .SetTag("url.path", address.AbsolutePath);

    internal static void Answered(this Activity? span, int code)
    {
        span?.SetTag("http.response.status_code", code);
        if (code >= 400)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
