using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Slipway.Api;
using Slipway.Api.Validation;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Desire;

/// <summary>Which bytes the spec's version has: those that a pod had first, whatever is in storage now.</summary>
internal static class VersionDigest
{
    /// <summary>
    /// By the newest record of the same version in the same place, be it another revision's; else by what a ready pod tells, or told. Empty while
    /// nobody knows. Where the user names a digest it is that one, but not before a pod had it: a slip of the pen must not outlive its correction.
    /// </summary>
    /// <param name="revision">The revision in the spec.</param>
    public static string Of(Observed observed, string revision)
    {
        var model = observed.Model.Spec.Model;
        var known = observed.Revisions
            .Where(record => ControllerRevisionBuilder.DigestOf(record).Length > 0 && IsOf(record, model))
            .OrderByDescending(record => record.Revision)
            .Select(ControllerRevisionBuilder.DigestOf)
            .Append(observed.ReadyReport(revision) is { } report && report.Version == model.Version ? report.Digest : "")
            .Append(observed.KnownToServe is { } served && served.Version == model.Version ? served.Digest : "")
            .Where(ModelDeploymentValidator.IsDigest);
        return model.Digest.Length == 0 ? known.FirstOrDefault("")
            : known.Contains(model.Digest, StringComparer.Ordinal) ? model.Digest
            : "";
    }

    private static bool IsOf(V1ControllerRevision record, ModelSpec model) =>
        JsonSerializer.SerializeToNode(record.Data) is JsonObject input && input["model"] is JsonObject known
        && known["uri"]?.ToString() == model.Uri && known["version"]?.ToString() == model.Version;
}
