namespace Slipway.ModelServer.Repository;

/// <summary>Bounds on what storage may make the server do.</summary>
internal static class RepositoryLimits
{
    public const int MostFiles = 1000;

    /// <summary>Of one version together.</summary>
    public const long MostBytes = 64L << 30;

    public const long MostManifestBytes = 1 << 20;

    /// <summary>Folders beside one another, in a repository whose newest version is asked for.</summary>
    public const int MostFolders = 10_000;

    /// <summary>Folders that are looked into at a time to find versions.</summary>
    public const int MostFoldersLookedAt = 50;

    /// <summary>Ranges that are downloaded at a time, over all files.</summary>
    public const int ParallelRanges = 4;

    public const long RangeBytes = 16 << 20;

    /// <summary>Memory of one download; <see cref="ParallelRanges"/> of them exist at a time.</summary>
    public const int BufferBytes = 128 << 10;

    /// <summary>Verified versions that are kept on disk, the one that is served among them.</summary>
    public const int MostCachedVersions = 16;

    /// <summary>A connection that brings no byte for this long is given up, and the download goes on over another.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a store's <c>Retry-After</c> is heeded.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);
}
