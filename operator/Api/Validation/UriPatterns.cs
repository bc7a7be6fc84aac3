namespace Slipway.Api.Validation;

/// <summary>What each scheme's address must look like; the CRD and the validator use the same words. They are RE2 and .NET alike.</summary>
internal static class UriPatterns
{
    public const string S3 = "^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?$";
    public const string Gs = "^gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/.*)?$";
    public const string Az = "^az://[a-z0-9]{3,24}/[a-z0-9$][a-z0-9-]{2,62}(/.*)?$";
    public const string Https = "^https://[^/@]+(/[^@]*)?$";
    public const string Pvc = "^pvc://[a-z0-9]([-a-z0-9.]*[a-z0-9])?(/.*)?$";

    /// <summary>A path that could lead out of the claim, however it is written.</summary>
    public const string PvcRefused = "^pvc://.*(/[.][.]?(/|$)|%)";
}
