using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Admission;

/// <summary>Nothing is created in a namespace that is not there or is going away.</summary>
internal sealed class NamespaceLifecycle(ObjectStore store, ResourceDefinition namespaces) : IAdmission
{
    public void Admit(ObjectRequest request, JsonObject next, JsonObject? live)
    {
        if (live is not null || !request.Definition.Namespaced)
        {
            return;
        }

        var found = store.Table(namespaces.StorageName).Find(new ObjectKey("", request.Namespace))
            ?? throw StatusErrors.NotFound(namespaces, request.Namespace);
        if (found.Value.IsBeingDeleted())
        {
            throw Terminating(request, next.Name());
        }
    }

    private static StatusException Terminating(ObjectRequest request, string name)
    {
        var ns = request.Namespace;
        var refusal = StatusErrors.Forbidden(
            request.Definition, name, $"unable to create new content in namespace {ns} because it is being terminated");
        refusal.Details!["causes"] = new JsonArray(new JsonObject
        {
            ["reason"] = "NamespaceTerminating",
            ["message"] = $"namespace {ns} is being terminated",
            ["field"] = "metadata.namespace",
        });
        return refusal;
    }
}
