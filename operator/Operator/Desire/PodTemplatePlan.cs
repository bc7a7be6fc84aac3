using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Slipway.Operator.Observe;
using Slipway.Runtime;

namespace Slipway.Operator.Desire;

/// <summary>
/// The template that a Deployment gets. A user who changes the spec gets pods as this operator makes them. Pods that would differ only because
/// another operator made them (its default image, its defaults) stay as they are until it is their turn, so that a new operator is no restart
/// of the whole fleet.
/// </summary>
/// <param name="Hash">Of the template as it was rendered.</param>
/// <param name="Upgrade"><see cref="WasReady"/> or <see cref="WasNotReady"/> when the operator by itself brought this template; null otherwise.</param>
/// <param name="Waits">The template is another operator's, and stays until it is this model's turn.</param>
internal sealed record PodTemplatePlan(V1PodTemplateSpec Template, string Hash, string? Upgrade, bool Waits)
{
    public const string WasReady = "Ready";
    public const string WasNotReady = "NotReady";

    /// <summary>On the Deployment: what has to be remembered of the above.</summary>
    public IEnumerable<KeyValuePair<string, string>> Annotations =>
        Upgrade is null ? [new(Names.TemplateHash, Hash)] : [new(Names.TemplateHash, Hash), new(Names.Upgrade, Upgrade)];

    /// <summary>Of pods that the user asked for.</summary>
    public static PodTemplatePlan New(V1PodTemplateSpec rendered) => new(rendered, HashOf(rendered), Upgrade: null, Waits: false);

    /// <param name="live">The Deployment as it is; null while it does not exist.</param>
    /// <param name="wasReady">The model was Ready before its turn.</param>
    /// <param name="hasTurn">Whether the model may get what only the operator changed.</param>
    public static PodTemplatePlan Of(V1PodTemplateSpec rendered, V1Deployment? live, bool wasReady, bool hasTurn)
    {
        var wanted = New(rendered);
        if (live is null || Observed.RevisionOf(live.Spec.Template.Metadata) != Observed.RevisionOf(rendered.Metadata))
        {
            return wanted;
        }

        var (hash, upgrade) = (HashOf(live.Metadata), live.Metadata.Annotations?.TryGetValue(Names.Upgrade, out var text) == true ? text : null);
        if (hash == wanted.Hash)
        {
            return wanted with { Upgrade = upgrade };
        }

        return hasTurn
            ? wanted with { Upgrade = wasReady ? WasReady : WasNotReady }
            : new(live.Spec.Template, hash, upgrade, Waits: true);
    }

    /// <summary>Of the template that this Deployment was given, or this ReplicaSet, which has its annotations; empty when nobody wrote it down.</summary>
    public static string HashOf(V1ObjectMeta metadata) => metadata.Annotations?.TryGetValue(Names.TemplateHash, out var hash) == true ? hash : "";

    private static string HashOf(V1PodTemplateSpec template) => CanonicalHash.Of(JsonNode.Parse(KubernetesJson.Serialize(template))!.AsObject())[..10];
}
