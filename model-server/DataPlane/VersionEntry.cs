namespace Slipway.ModelServer.DataPlane;

/// <summary>Where a version is between storage and answering.</summary>
internal enum VersionState
{
    /// <summary>Downloading, verifying or warming up.</summary>
    Loading,
    Ready,

    /// <summary>It answers what it had accepted, then its memory is freed.</summary>
    Unloading,

    /// <summary>Known and not in memory.</summary>
    Unavailable,
}

/// <summary>A version that this server knows of. <paramref name="Reason"/> is a sentence for people, empty when nothing is wrong.</summary>
/// <param name="Loaded">Set while <see cref="VersionState.Ready"/>.</param>
internal sealed record VersionEntry(string Version, VersionState State, string Reason, ModelVersion? Loaded);
