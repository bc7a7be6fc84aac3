using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace Slipway.DevCluster.Commands;

/// <summary>What was applied, as far as waiting for it needs.</summary>
internal sealed record AppliedObject(string Group, string Kind, string Namespace, string Name)
{
    public static AppliedObject Of(JsonObject manifest) => new(
        ((string)manifest["apiVersion"]!).Split('/')[0],
        (string)manifest["kind"]!,
        (string?)manifest["metadata"]?["namespace"] ?? "default",
        (string)manifest["metadata"]!["name"]!);
}

/// <summary>Waits until every ModelDeployment that was applied is Ready, and tells what each waits for.</summary>
internal sealed class ReadyWait(Kubernetes client, TimeProvider clock, Action<string> say)
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    /// <exception cref="TimeoutException">Not ready within ten minutes; the message says what was missing.</exception>
    public async Task ForAsync(IReadOnlyList<AppliedObject> applied, CancellationToken cancellationToken)
    {
        foreach (var model in applied.Where(known => known.Kind == Api.ModelDeployment.KindName))
        {
            var since = clock.GetTimestamp();
            var told = "";
            while (await MissingAsync(model, cancellationToken) is { } missing)
            {
                if (missing != told)
                {
                    say($"{model.Namespace}/{model.Name}: {told = missing}");
                }

                if (clock.GetElapsedTime(since) > _limit)
                {
                    throw new TimeoutException($"{model.Namespace}/{model.Name} was not ready within {_limit.TotalMinutes} minutes: {missing}");
                }

                await Task.Delay(_pause, clock, cancellationToken);
            }

            say($"{model.Namespace}/{model.Name} is ready.");
        }
    }

    /// <summary>Null means ready.</summary>
    private async Task<string?> MissingAsync(AppliedObject model, CancellationToken cancellationToken)
    {
        var live = (JsonElement)await client.CustomObjects.GetNamespacedCustomObjectAsync(
            model.Group, Api.ModelDeployment.VersionName, model.Namespace, Api.ModelDeployment.Plural, model.Name, cancellationToken);
        var status = JsonNode.Parse(live.GetRawText())!["status"];
        var ready = status?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == "Ready");
        return (string?)ready?["status"] == "True" ? null : (string?)ready?["message"] ?? "waits for the operator";
    }
}
