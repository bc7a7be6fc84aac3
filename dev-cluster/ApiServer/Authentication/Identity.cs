namespace Slipway.DevCluster.ApiServer.Authentication;

/// <summary>On whose behalf a request comes.</summary>
internal sealed record Identity(string Name, IReadOnlyList<string> Groups)
{
    public const string AuthenticatedGroup = "system:authenticated";
    public const string UnauthenticatedGroup = "system:unauthenticated";
    public const string ServiceAccountPrefix = "system:serviceaccount:";
    public const string AnonymousName = "system:anonymous";
    private const string MastersGroup = "system:masters";
    private const string ServiceAccountsGroup = "system:serviceaccounts";

    /// <summary>The bearer of the server's own token.</summary>
    public static Identity Master { get; } = new("slipway-dev", [MastersGroup, AuthenticatedGroup]);

    /// <summary>A client without a token.</summary>
    public static Identity Anonymous { get; } = new(AnonymousName, [UnauthenticatedGroup]);

    /// <summary>Empty where the user has none.</summary>
    public string Uid { get; init; } = "";

    /// <summary>What else is known of the user, such as the pod that its token was made for.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>True for a member of <c>system:masters</c>, to whom everything is allowed.</summary>
    public bool IsMaster { get; } = Groups.Contains(MastersGroup);

    public static Identity ServiceAccount(string ns, string name) =>
        new($"{ServiceAccountPrefix}{ns}:{name}", [.. ServiceAccountGroups(ns), AuthenticatedGroup]);

    /// <summary>The groups that every ServiceAccount of a namespace is in.</summary>
    public static IReadOnlyList<string> ServiceAccountGroups(string ns) => [ServiceAccountsGroup, $"{ServiceAccountsGroup}:{ns}"];

    /// <summary>Namespace and name of the ServiceAccount that a user name stands for; null for every other user.</summary>
    public static (string Namespace, string Name)? AsServiceAccount(string user) =>
        user.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal)
        && user[ServiceAccountPrefix.Length..].Split(':') is [{ Length: > 0 } ns, { Length: > 0 } name]
            ? (ns, name)
            : null;
}
