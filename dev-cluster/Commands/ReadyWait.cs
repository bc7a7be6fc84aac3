using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.DevCluster.Commands;

/// <summary>Waits until a ModelDeployment is Ready, and tells meanwhile what it waits for.</summary>
internal sealed class ReadyWait(RawClient client, TimeProvider clock, Action<string> say)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <exception cref="TimeoutException">Not ready within ten minutes, or stalled; the message says what is missing.</exception>
    public async Task ForAsync(AppliedObject model, CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        var told = "";
        while (true)
        {
            var conditions = (await client.GetAsync(PathOf(model), cancellationToken))["status"]?["conditions"] as JsonArray ?? [];
            var ready = Find(conditions, ConditionTypes.Ready);
            if ((string?)ready?["status"] == "True")
            {
                say($"{model.Name}: {(string?)ready["message"]}");
                return;
            }

            var missing = (string?)ready?["message"] ?? "Waiting for the operator.";
            if (Find(conditions, ConditionTypes.Stalled) is not null || clock.GetElapsedTime(since) > Limit)
            {
                throw new TimeoutException($"{model.Name} is not ready: {missing}");
            }

            if (missing != told)
            {
                say($"{model.Name}: {told = missing}");
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    public static string PathOf(AppliedObject model) =>
        $"apis/{ModelDeployment.GroupName}/{ModelDeployment.VersionName}/namespaces/{model.Namespace}/{model.Plural}/{model.Name}";

    private static JsonNode? Find(JsonArray conditions, string type) => conditions.FirstOrDefault(condition => (string?)condition!["type"] == type);
}
