namespace Slipway.ModelServer.Storage;

/// <summary>
/// What a store is told by its standard names. A key of the mounted Secret is nearer to the model than the environment and wins. Every
/// question reads anew, so that a Secret can change without a restart.
/// </summary>
internal sealed class StoreSettings(string credentialsDirectory)
{
    private readonly CredentialFiles _files = new(credentialsDirectory);

    public CredentialFiles Files => _files;

    /// <returns>Null when it is set nowhere.</returns>
    public string? Get(string name) => _files.Value(name) ?? FromEnvironment(name);

    /// <summary>Four settings, those of the Secret all of one state of it.</summary>
    public (string?, string?, string?, string?) Get(string first, string second, string third, string fourth)
    {
        var values = _files.Read(first, second, third, fourth);
        return (
            values[0] ?? FromEnvironment(first), values[1] ?? FromEnvironment(second), values[2] ?? FromEnvironment(third), values[3] ?? FromEnvironment(fourth));
    }

    /// <returns>Null when it is not set there.</returns>
    public static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>PEM certificates of authorities that are trusted besides the system's; null for none.</summary>
    public string? Roots() => _files.Value(TrustedRoots.Key);

    public bool IsTrue(string name) => Get(name) is { } text && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase));
}
