namespace Slipway.Runtime;

/// <summary>
/// What a host asks of one resource of the API, as an RBAC rule says it. Everything that is added to a runtime registers its own, so that the
/// services of a host tell what it must be granted.
/// </summary>
/// <param name="ApiGroup">Empty for the core group.</param>
/// <param name="Resource">Plural, with its subresource after a slash.</param>
public sealed record ResourceAccess(string ApiGroup, string Resource, IReadOnlyList<string> Verbs)
{
    /// <summary>Asked for in the namespace of the Lease alone.</summary>
    public bool ForLease { get; init; }
}
