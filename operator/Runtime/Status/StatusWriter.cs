using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

internal sealed class StatusWriter(ApiClient api, OwnWrites writes, IOptions<KubernetesRuntimeOptions> options) : IStatusWriter
{
    public async Task WriteAsync<TEntity>(TEntity cached, object status, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<TEntity>();
        var id = new ObjectId(kind.Resource, cached.Key());
        var shown = ObjectVersion.Of(cached);
        var live = writes.View(id, shown) ?? shown;
        if (MergePatch.Between(live.Tree["status"] as JsonObject ?? [], ObjectJson.Of(status)) is not { } change)
        {
            return;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = live.Version },
            ["status"] = change,
        };
        var path = $"{kind.ObjectPath(id.Key, "status")}?fieldManager={Uri.EscapeDataString(options.Value.FieldManager)}";
        try
        {
            var answer = await api.SendAsync(HttpMethod.Patch, path, patch, ApiClient.MergePatch, cancellationToken);
            writes.WroteStatus(id, shown, live, KubernetesJson.Deserialize<TEntity>(answer));
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            // Deleted since it was read: its status went with it.
            return;
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.Conflict)
        {
            throw new ConflictException($"{kind.Kind} {id.Key} changed while its status was written.", exception);
        }
    }
}
