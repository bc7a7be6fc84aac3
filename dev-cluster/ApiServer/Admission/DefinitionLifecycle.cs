using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Admission;

/// <summary>Nothing is created of a kind whose definition is going away.</summary>
internal sealed class DefinitionLifecycle(ObjectStore store, ResourceDefinition definitions) : IAdmission
{
    public void Admit(ObjectRequest request, JsonObject next, JsonObject? live)
    {
        if (live is not null || !request.Definition.IsCustom)
        {
            return;
        }

        var definition = store.Table(definitions.StorageName).Find(new ObjectKey("", request.Definition.QualifiedName));
        if (definition is not null && definition.Value.IsBeingDeleted())
        {
            throw StatusErrors.Forbidden(request.Definition, next.Name(), "create not allowed while custom resource definition is terminating");
        }
    }
}
