using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>The PersistentVolumeClaim that a model is kept in: <c>pvc://claim/path</c>.</summary>
internal static class ModelClaim
{
    public const string VolumeName = "models";

    private const string Scheme = "pvc://";

    /// <returns>Null when the model is kept elsewhere.</returns>
    public static string? Of(string uri) => uri.StartsWith(Scheme, StringComparison.Ordinal) ? uri[Scheme.Length..].Split('/', 2)[0] : null;

    /// <summary>Where the server looks for the claim.</summary>
    public static string MountPath(string claim) => $"{ServerContract.ClaimsDirectory}/{claim}";
}
