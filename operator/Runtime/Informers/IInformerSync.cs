namespace Slipway.Runtime;

/// <summary>Readiness of all caches, for a health endpoint.</summary>
public interface IInformerSync
{
    /// <summary>True once every cache was filled (a kind that the API server does not know counts as empty).</summary>
    bool HasSynced { get; }

    IReadOnlyList<InformerState> States { get; }

    Task WaitForSyncAsync(CancellationToken cancellationToken);
}

/// <summary>One cache.</summary>
/// <param name="Resource">As kubectl names it: <c>deployments.apps</c>.</param>
/// <param name="HasSynced">The first list was read, or the kind was found missing.</param>
/// <param name="Installed">False while the API server answers that it does not know the kind (its CRD is not installed).</param>
/// <param name="Count">Objects in the cache now.</param>
public sealed record InformerState(string Resource, bool HasSynced, bool Installed, int Count);
