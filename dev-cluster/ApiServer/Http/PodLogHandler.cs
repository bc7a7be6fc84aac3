using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>GET of a container's log, as plain text.</summary>
internal sealed class PodLogHandler(ObjectReader reader, IPodLogs? logs, TimeProvider time)
{
    private const string DefaultContainer = "kubectl.kubernetes.io/default-container";

    public async Task HandleAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var pod = (await reader.GetAsync(call.Request, "", cancellationToken)).Value;
        var response = call.Context.Response;
        if ((string?)pod["spec"]?["nodeName"] is null or "")
        {
            response.StatusCode = 204;
            return;
        }

        var request = Request(call, pod);
        if (logs is null)
        {
            throw StatusErrors.NotImplemented($"the log of pod {pod.Name()} cannot be read: this server runs without nodes");
        }

        response.ContentType = "text/plain";
        await logs.WriteAsync(request, response.Body, cancellationToken);
    }

    private PodLogRequest Request(ResourceCall call, JsonObject pod)
    {
        var query = call.Query;
        var seconds = Number(call, "sinceSeconds");
        return new PodLogRequest(call.Target.Namespace, call.Target.Name, Container(pod, query["container"].ToString()))
        {
            Follow = query["follow"].ToString() is "true" or "1",
            Previous = query["previous"].ToString() is "true" or "1",
            Timestamps = query["timestamps"].ToString() is "true" or "1",
            TailLines = Number(call, "tailLines"),
            LimitBytes = Number(call, "limitBytes"),
            Since = seconds is { } s ? time.GetUtcNow().AddSeconds(-s) : Time(query["sinceTime"].ToString()),
        };
    }

    private static string Container(JsonObject pod, string wanted)
    {
        var names = ContainerNames(pod, "containers");
        if (wanted.Length > 0)
        {
            return names.Concat(ContainerNames(pod, "initContainers")).Contains(wanted)
                ? wanted
                : throw StatusErrors.BadRequest($"container {wanted} is not valid for pod {pod.Name()}");
        }

        if ((string?)pod["metadata"]?["annotations"]?[DefaultContainer] is { Length: > 0 } chosen && names.Contains(chosen))
        {
            return chosen;
        }

        return names is [var only]
            ? only
            : throw StatusErrors.BadRequest(
                $"a container name must be specified for pod {pod.Name()}, choose one of: [{string.Join(' ', names)}]");
    }

    private static List<string> ContainerNames(JsonObject pod, string list) =>
        [.. (pod["spec"]?[list] as JsonArray ?? []).Select(c => (string?)c?["name"] ?? "")];

    private static long? Number(ResourceCall call, string name)
    {
        var text = call.Query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value
            : throw StatusErrors.BadRequest($"{name} must be a number of at least 0, not \"{text}\"");
    }

    private static DateTimeOffset? Time(string text) =>
        text.Length == 0 ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw StatusErrors.BadRequest($"sinceTime must be a time in RFC 3339, not \"{text}\"");
}
