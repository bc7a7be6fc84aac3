using System.Text.RegularExpressions;

namespace Slipway.ModelServer.Configuration;

/// <summary>The address of a model's folder: which schemes there are, and what each must name.</summary>
internal static partial class ModelUri
{
    public const string Forms =
        "file:///folder, pvc://claim/path, s3://bucket/prefix, gs://bucket/prefix, az://account/container/prefix or https://host/path";

    /// <summary>Says what is wrong with the address through <paramref name="require"/>.</summary>
    /// <returns>Null when the text is no address at all.</returns>
    public static Uri? Check(string text, Action<bool, string, string> require)
    {
        var isUri = Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.Contains("://", StringComparison.Ordinal);
        if (!isUri || uri is null)
        {
            require(false, "uri", $"must be {Forms}, got '{text}'");
            return null;
        }

        // Whoever writes a password into the address would find it in every log.
        require(uri.UserInfo.Length == 0, "uri", "must hold no user name and no password; they belong into the credentials");
        require(uri.Query.Length == 0 && uri.Fragment.Length == 0, "uri", "must have no query and no fragment; secrets belong into the credentials");
        if (uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0)
        {
            CheckScheme(uri, text, require);
        }

        return uri;
    }

    /// <summary>Where the folder of a <c>pvc://claim/path</c> is mounted.</summary>
    public static string ClaimFolder(Uri uri, string claims) =>
        Path.Combine(claims, uri.Host, Uri.UnescapeDataString(uri.AbsolutePath).Trim('/'));

    private static void CheckScheme(Uri uri, string text, Action<bool, string, string> require)
    {
        switch (uri.Scheme)
        {
            case "file":
                require(uri.Host.Length == 0, "uri", $"must have three slashes, as in file:///models/fraud, got '{text}'");
                break;
            case "pvc":
                require(
                    ClaimPattern().IsMatch(uri.Host) && !Uri.UnescapeDataString(text).Split('/').Any(part => part is "." or ".."),
                    "uri",
                    $"must name a claim and a path in it without '..', as in pvc://models/fraud, got '{text}'");
                break;
            case "s3" or "gs":
                require(uri.Host.Length > 0, "uri", $"must name a bucket, as in {uri.Scheme}://bucket/prefix, got '{text}'");
                break;
            case "az":
                require(
                    AccountPattern().IsMatch(uri.Host) && uri.AbsolutePath.Trim('/').Length > 0,
                    "uri",
                    $"must name a storage account and a container, as in az://account/container/prefix, got '{text}'");
                break;
            case "https":
                require(uri.Host.Length > 0, "uri", $"must name a host, as in https://models.example/fraud, got '{text}'");
                break;
            default:
                require(false, "uri", $"has the scheme '{uri.Scheme}'; this server reads {Forms}");
                break;
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{0,252}\z")]
    private static partial Regex ClaimPattern();

    [GeneratedRegex(@"^[a-z0-9]{3,24}\z")]
    private static partial Regex AccountPattern();
}
