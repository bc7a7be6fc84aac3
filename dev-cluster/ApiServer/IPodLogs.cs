namespace Slipway.DevCluster.ApiServer;

/// <summary>What <c>pods/log</c> asks for. Null means that the request does not say.</summary>
internal sealed record PodLogRequest(string Namespace, string Pod, string Container)
{
    /// <summary>Go on with what is written later, until the container ends.</summary>
    public bool Follow { get; init; }

    /// <summary>The log of the container's run before the present one.</summary>
    public bool Previous { get; init; }

    /// <summary>Each line begins with its time in RFC 3339.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Only the last lines.</summary>
    public long? TailLines { get; init; }

    /// <summary>Only lines of this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Stop after this many bytes.</summary>
    public long? LimitBytes { get; init; }
}

/// <summary>The logs of containers, as a node keeps them.</summary>
internal interface IPodLogs
{
    /// <summary>
    /// Writes the wanted lines, and with <see cref="PodLogRequest.Follow"/> goes on until the container ends or the token is cancelled.
    /// Throws a <c>StatusException</c> before the first byte for a container that has no such log.
    /// </summary>
    Task WriteAsync(PodLogRequest request, Stream destination, CancellationToken cancellationToken);
}
