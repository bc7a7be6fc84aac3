using System.Text.RegularExpressions;
using Slipway.Api;

namespace Slipway.ModelServer.Configuration;

/// <summary>Turns what was asked for into settings, or says everything that is wrong with it at once.</summary>
internal static partial class ConfigCheck
{
    /// <param name="where">What the values came from, the start of each message.</param>
    /// <returns>Null when <paramref name="errors"/> grew.</returns>
    public static ServerSettings? Check(ServerConfig config, string where, List<string> errors)
    {
        var before = errors.Count;
        Require(NamePattern().IsMatch(config.Model), "model", $"must be a name of letters, digits, '-', '_' and '.', at most 253 long, got '{config.Model}'");
        Require(
            config.Version == ServerSettings.Latest || IsVersion(config.Version),
            "version",
            $"must name the folder of one version, such as '7' or '1.2.0', or be {ServerSettings.Latest}, got '{config.Version}'");
        Require(
            config.Digest.Length == 0 || IsDigest(config.Digest), "digest", $"must be sha256: and 64 hex digits, got '{config.Digest}'");
        Require(
            GoDuration.TryParse(config.RequestTimeout, out var timeout) && timeout >= TimeSpan.FromMilliseconds(1),
            "requestTimeout",
            $"must be a duration of at least 1ms, such as 30s, got '{config.RequestTimeout}'");
        var batching = ServingCheck.Batching(config.Batching, Require);
        var session = ServingCheck.Session(config.Runtime, Require);
        var live = ServingCheck.Live(config, new(), timeout, Require);
        var uri = ModelUri.Check(config.Uri, Require);
        Require(
            config.Version != ServerSettings.Latest || config.Digest.Length == 0,
            "digest",
            $"vouches for one version, and cannot be given with version {ServerSettings.Latest}; name the version, or leave the digest out");
        Require(
            config.Version != ServerSettings.Latest || uri?.Scheme != Uri.UriSchemeHttps,
            "version",
            $"cannot be {ServerSettings.Latest} at {config.Uri}, since a web server cannot tell which versions it holds; name one");
        return errors.Count > before || uri is null ? null : new ServerSettings
        {
            Model = config.Model,
            Uri = uri,
            Version = config.Version,
            Digest = config.Digest.ToLowerInvariant(),
            Session = session,
            RequestTimeout = timeout,
            Batching = batching,
            Live = live,
        };

        void Require(bool holds, string field, string message)
        {
            if (!holds)
            {
                errors.Add($"{where}: {field}: {message}");
            }
        }
    }

    /// <summary>Whether a folder of this name can be a version.</summary>
    public static bool IsVersion(string folder) => folder != ServerSettings.Latest && NamePattern().IsMatch(folder);

    public static bool IsDigest(string text) => DigestPattern().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,252}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^sha256:[0-9a-fA-F]{64}\z")]
    private static partial Regex DigestPattern();
}
