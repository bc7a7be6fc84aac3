using Slipway.DevCluster.ApiServer.Authentication;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.Runtime;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>
/// Which object a request is about, and on whose behalf. The name is empty for a create, the namespace for cluster scope and for lists of all
/// namespaces, the subresource for the object itself.
/// </summary>
internal sealed record ObjectRequest(ResourceDefinition Definition, string Namespace, string Name, string Subresource, string UserAgent)
{
    /// <summary>Whose rights count for what an object may say; the server itself unless a client asked.</summary>
    public Identity User { get; init; } = Identity.Master;

    public ObjectKey Key => new(Namespace, Name);

    /// <summary>Who owns the fields that this request writes: the given manager, else the first word of the user agent.</summary>
    public FieldManager FieldManager(WriteOptions options, string operation)
    {
        var program = UserAgent.Split('/')[0];
        var name = options.FieldManager.Length > 0 ? options.FieldManager : program.Length > 0 ? program : "unknown";
        return new FieldManager(name, operation, Definition.ApiVersion, Subresource)
        {
            ResetFields = ResetFields.Of(Subresource, Definition.HasStatus, Definition.IsCustom),
        };
    }
}
