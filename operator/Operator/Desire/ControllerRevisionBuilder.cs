using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>
/// The record of one revision: the user's input that it is named after, the number of its turn, and the digest of its bytes once a pod had them.
/// </summary>
internal static class ControllerRevisionBuilder
{
    /// <param name="existing">All records that there are. The data of one that is there already cannot be changed, and stays.</param>
    public static V1ControllerRevision Build(DesireContext context, IReadOnlyList<V1ControllerRevision> existing)
    {
        var name = Names.RevisionRecord(context.Model.Metadata.Name, context.Revision);
        var own = existing.FirstOrDefault(record => record.Metadata.Name == name);
        var highest = existing.Where(record => record != own).Max(record => record.Revision) ?? 0;
        return new()
        {
            ApiVersion = ApiVersion,
            Kind = V1ControllerRevision.KubeKind,
            Metadata = WithDigest(Owned.Metadata(context.Model, name, context.Revision), context.Digest),
            Data = own?.Data ?? Revision.Input(context.Model.Spec),

            // The newest has the highest number, an earlier input that comes back too.
            Revision = own?.Revision > highest ? own.Revision : highest + 1,
        };
    }

    /// <summary>An older revision's record as it was applied.</summary>
    public static V1ControllerRevision Keep(ModelDeployment model, V1ControllerRevision existing) => new()
    {
        ApiVersion = ApiVersion,
        Kind = V1ControllerRevision.KubeKind,
        Metadata = WithDigest(Owned.Kept(model, existing.Metadata), DigestOf(existing)),
        Data = existing.Data,
        Revision = existing.Revision,
    };

    /// <summary>Empty while no pod told it.</summary>
    public static string DigestOf(V1ControllerRevision record) =>
        record.Metadata.Annotations?.TryGetValue(Names.Digest, out var digest) == true ? digest : "";

    private const string ApiVersion = $"{V1ControllerRevision.KubeGroup}/{V1ControllerRevision.KubeApiVersion}";

    private static V1ObjectMeta WithDigest(V1ObjectMeta metadata, string digest)
    {
        if (digest.Length > 0)
        {
            metadata.Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { [Names.Digest] = digest };
        }

        return metadata;
    }
}
