namespace Slipway.DevCluster.Nodes;

/// <summary>Which part of a container's log is wanted.</summary>
internal sealed record LogQuery
{
    /// <summary>Go on with what is written later, until the container ends.</summary>
    public bool Follow { get; init; }

    /// <summary>The run before the current one.</summary>
    public bool Previous { get; init; }

    /// <summary>Put its time before each line.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Only the last lines; null means all that is kept.</summary>
    public long? TailLines { get; init; }

    /// <summary>Only lines of this time or later; null means all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Stop after this many bytes; null means no limit.</summary>
    public long? LimitBytes { get; init; }
}
